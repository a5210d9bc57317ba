/* SPDX-License-Identifier: Apache-2.0 */
/* A server's key for targets that make keys with cheap_power.c: always the same, so that inputs
 * mean the same in every run. It has no private half, and needs none. */
#ifndef TESTS_FUZZ_SERVER_KEY_H
#define TESTS_FUZZ_SERVER_KEY_H

#define SERVER_KEY_PEM                                                                             \
	"-----BEGIN RSA PUBLIC KEY-----\n"                                                         \
	"MIIBCgKCAQEA6g1N5Zxm0taX2o1Ev92MHhOuiAElIQreeTQNacUFTWGlDliEaX0X\n"                       \
	"FVlZqSWZV6OpBZfJ25wwVXufvwzf01Z1LkYqhGqfR+24WBkU0ECIGxLKUv7sNi5l\n"                       \
	"ZApyaSIBjufTNFqaIxS3BVDhtDtC3a2lPoEuZs/x/642SMkclsztzycfVud/FiGF\n"                       \
	"PvUFisH6sPA2wmwURwI3RAl1CxQE4JaYjEfG4eqjLofPJuMy4wQnv2ncIgEl/x3+\n"                       \
	"h/Nd6gjQch/cGnrXG8zijU3EKgTrI+FJo6U/fXhTtjcM5ElRmP5EWnPcHJdhe9F/\n"                       \
	"xf/Dl2mg5IMBq4wvBHhvM2oAJlNgQU/DewIDAQAB\n"                                               \
	"-----END RSA PUBLIC KEY-----\n"

#endif
