/* SPDX-License-Identifier: Apache-2.0 */
/* Against a vector made with Telethon 1.25's client code, against a client of our own, and against
 * every flipped bit and forged number. */
#include "../unit.h"

#include "srp_client.h"

/* Salts 0, 1, … 39 and 100, 101, … 115; b = 3, 10, 17, … and a = 6, 17, 28, … (modulo 256). */
static const char vector_password[] = "Kata sandi: nasi goreng \xc3\xa9";
static const char vector_verifier[] =
	"381204fd077655ee4ef25b46f33014ae62b14d55a1e1798a32125894a20c6b7819197c936526dd6f"
	"46d9faa89e4f8a11dbed6cc40036c374cf2a5e0475c2d3a51fb35a1f587f07afd435fd45ca7d37bf"
	"8e6072dea16dc84f9423720a9572f06c377a50fc81938868d716f2e45678a54f848cb94216a8705a"
	"d8facb7dbc2d769a32f28af401b3f5376a2917b277f39e8a5df293fe04e2a7d760a4db86a18ff9a8"
	"3e5dda7775010763942d8d66336930021eebe4720bf3896db7158f9f7aa3a4c3e9efcb26c7d6d3c9"
	"4d23e78ef824167cf47085b16d32870957d630ecf0ecdbb95921c4829b4940fcc71f99c2b11ab629"
	"a2f311d27b17b5765cc01e538d9c87d9";
static const char vector_b[] =
	"97cce3be294707dcff2612a8abfc9b1c436ec977596a57c9c96b28efe9524e2427ef4a3114b99245"
	"0d932906b0ef47b1511bece49838e3933f02f1d9d2bfab95399bbe9e96b7026c4b4a6d72f040c586"
	"ef23b48efc8b14fef9c2bce1ef2d19e6f5ea3888ffea712c2c05da0411d7f3f8271871ad882b584a"
	"9b25fdca676b854c65fb47387934f9c0487fae289b50e7158516815fbe8e15efbc458721dea4e596"
	"003b0a94b8d0d1947b16a844f44f66625091cba98f072023c60aa59f15283e4f9cd5cb5d092ca80f"
	"00ad413cc43f52d94423fde6eeb3a9fe130b6f8d505fabb66eb31491621e916ae0611d1f6c3922c0"
	"2107ca178dbbdd9b809e44a7733f56aa";
static const char vector_a[] =
	"23f29f75a537191125623007f92923cd83aca89c71dbd1b91340ec2829bb07e8c1836ebac6b1d8b2"
	"a4d6d906ac8d7112d9f6df02874814d7719902a8d84b7c94b452cccc8c410d295284f7096f335e00"
	"3c0deb731cef52e578ae9d55100679815c8c2fe54d9b617fb0f319f0d5a27cb1a83251829c9ec5fa"
	"f7ca04e5f00f2e8920961e3986305823de47c507effadb7e56f6bd517b73866c02eb1966a5fef1d4"
	"458058bbd7476ba2b3a0a7f7ca480c13f5ea6bf945f3d001a9b0192e2274de07b92b1869b91626a2"
	"e436172f89fa59676bcb9fe80f944d7fc6484562c596d9203b0bf9a36f538e989debc183c9abc055"
	"54ec32b0cc14b7888af08a43aa7d64e5";
static const char vector_m1[] = "591c0c86290c740b0e61af93f5590d2f28c8c2f7015567739746d97d588b669e";

struct world {
	uint8_t salt1[40], salt2[16];
	struct srp_client client;
	struct srp_password password;
	struct srp_challenge challenge;
	uint8_t a[DH_SIZE], m1[SRP_PROOF_SIZE];
};

static void steps(uint8_t *out, size_t size, int first, int step)
{
	for (size_t i = 0; i < size; i++)
		out[i] = (uint8_t)(first + step * (int)i);
}

static void fill_b(void *ctx, void *out, size_t size)
{
	steps(out, size, 3, 7);
}

static const struct random vector_random = {.fill = fill_b};

static int world_setup(void **state)
{
	static struct world w;

	if (!w.client.salt1.data) {
		steps(w.salt1, sizeof(w.salt1), 0, 1);
		steps(w.salt2, sizeof(w.salt2), 100, 1);
		srp_client_init(&w.client, vector_password, bytes_of(w.salt1, sizeof(w.salt1)),
			bytes_of(w.salt2, sizeof(w.salt2)));
		srp_client_verifier(&w.client, w.password.verifier);
		w.password.salt1 = w.client.salt1;
		w.password.salt2 = w.client.salt2;
	}
	srp_challenge_make(&w.challenge, w.password.verifier, &random_system);
	srp_client_answer(&w.client, w.challenge.public, NULL, w.a, w.m1);
	*state = &w;
	return 0;
}

static bool answer(const struct world *w, const uint8_t *a, const uint8_t *m1)
{
	return srp_answer_is_right(
		&w->password, &w->challenge, bytes_of(a, DH_SIZE), bytes_of(m1, SRP_PROOF_SIZE));
}

static void test_vector_of_another_client(void **state)
{
	struct world *w = *state;
	struct srp_challenge challenge;
	uint8_t a[DH_SIZE], m1[SRP_PROOF_SIZE];

	assert_hex_equal(w->password.verifier, vector_verifier, DH_SIZE);
	srp_challenge_make(&challenge, w->password.verifier, &vector_random);
	assert_hex_equal(challenge.public, vector_b, DH_SIZE);
	unhex(vector_a, a, sizeof(a));
	unhex(vector_m1, m1, sizeof(m1));
	assert_true(srp_answer_is_right(
		&w->password, &challenge, bytes_of(a, sizeof(a)), bytes_of(m1, sizeof(m1))));
	assert_false(answer(w, a, m1)); /* of another challenge */
	srp_challenge_wipe(&challenge);
}

static void test_who_knows_the_password_is_let_in(void **state)
{
	struct world *w = *state;

	for (int i = 0; i < 4; i++) {
		assert_true(dh_public_is_sound(w->challenge.public));
		assert_true(answer(w, w->a, w->m1));
		world_setup(state);
	}
}

static void test_another_password_or_salt_is_not(void **state)
{
	struct world *w = *state, other = *w;

	other.client.x[31] ^= 1;
	srp_client_answer(&other.client, w->challenge.public, NULL, other.a, other.m1);
	assert_false(answer(w, other.a, other.m1));
	other = *w;
	other.client.salt2 = other.client.salt1;
	srp_client_answer(&other.client, w->challenge.public, NULL, other.a, other.m1);
	assert_false(answer(w, other.a, other.m1));
}

static void test_every_flipped_byte_is_refused(void **state)
{
	struct world *w = *state;

	for (size_t i = 0; i < SRP_PROOF_SIZE; i++) {
		w->m1[i] ^= (uint8_t)(1u << i % 8);
		assert_false(answer(w, w->a, w->m1));
		w->m1[i] ^= (uint8_t)(1u << i % 8);
	}
	for (size_t i = 0; i < DH_SIZE; i += 5) {
		w->a[i] ^= (uint8_t)(1u << i % 8);
		assert_false(answer(w, w->a, w->m1));
		w->a[i] ^= (uint8_t)(1u << i % 8);
	}
	assert_true(answer(w, w->a, w->m1));
}

static void test_wrong_sizes_are_refused(void **state)
{
	struct world *w = *state;
	struct bytes a = bytes_of(w->a, DH_SIZE), m1 = bytes_of(w->m1, SRP_PROOF_SIZE);

	for (size_t size = 0; size < DH_SIZE; size += 15)
		assert_false(
			srp_answer_is_right(&w->password, &w->challenge, bytes_of(w->a, size), m1));
	for (size_t size = 0; size < SRP_PROOF_SIZE; size++)
		assert_false(
			srp_answer_is_right(&w->password, &w->challenge, a, bytes_of(w->m1, size)));
	assert_false(srp_answer_is_right(
		&w->password, &w->challenge, (struct bytes){0}, (struct bytes){0}));
}

/* With A = 0 mod p the shared number is 0 whatever the password: M1 is made for that. */
static void forge(const struct world *w, const uint8_t a[DH_SIZE], uint64_t shared_number,
	uint8_t m1[SRP_PROOF_SIZE])
{
	uint8_t g[DH_SIZE] = {0}, s[DH_SIZE] = {0}, hashes[5][HASH_SHA256_SIZE];
	const struct bytes parts[] = {bytes_of(hashes[0], 32), bytes_of(hashes[2], 32),
		bytes_of(hashes[3], 32), bytes_of(a, DH_SIZE),
		bytes_of(w->challenge.public, DH_SIZE), bytes_of(hashes[4], 32)};

	g[DH_SIZE - 1] = DH_G;
	s[DH_SIZE - 1] = (uint8_t)shared_number;
	hash_sha256(bytes_of(dh_prime, DH_SIZE), hashes[0]);
	hash_sha256(bytes_of(g, DH_SIZE), hashes[1]);
	for (size_t i = 0; i < 32; i++)
		hashes[0][i] ^= hashes[1][i];
	hash_sha256(w->password.salt1, hashes[2]);
	hash_sha256(w->password.salt2, hashes[3]);
	hash_sha256(bytes_of(s, DH_SIZE), hashes[4]);
	hash_sha256_parts(parts, 6, m1);
}

/* 0, 1, 2, 2^1984 - 1, p - 2^1984 + 1, p - 2, p - 1, p, p + 1, 2^2048 - 1 */
static void test_forged_numbers_are_refused(void **state)
{
	struct world *w = *state;
	uint8_t forged[10][DH_SIZE] = {{0}}, m1[SRP_PROOF_SIZE];

	forged[1][DH_SIZE - 1] = 1;
	forged[2][DH_SIZE - 1] = 2;
	memset(forged[3] + 8, 0xff, DH_SIZE - 8);
	memcpy(forged[4], dh_prime, DH_SIZE);
	forged[4][7]--;
	forged[4][DH_SIZE - 1]++;
	for (int i = 0; i < 4; i++) {
		memcpy(forged[5 + i], dh_prime, DH_SIZE);
		forged[5 + i][DH_SIZE - 1] = (uint8_t)(dh_prime[DH_SIZE - 1] + i - 2);
	}
	memset(forged[9], 0xff, DH_SIZE);
	for (size_t i = 0; i < ARRAY_LEN(forged); i++) {
		assert_false(answer(w, forged[i], w->m1));
		for (uint64_t s = 0; s < 3; s++) {
			forge(w, forged[i], s, m1);
			assert_false(answer(w, forged[i], m1));
		}
	}
}

static void test_a_verifier_is_a_number_of_the_group(void **state)
{
	struct world *w = *state;
	uint8_t one[DH_SIZE] = {0};

	assert_true(srp_verifier_is_sound(bytes_of(w->password.verifier, DH_SIZE)));
	assert_false(srp_verifier_is_sound(bytes_of(w->password.verifier, DH_SIZE - 1)));
	assert_false(srp_verifier_is_sound(bytes_of(one, DH_SIZE)));
	one[DH_SIZE - 1] = 1;
	assert_false(srp_verifier_is_sound(bytes_of(one, DH_SIZE)));
	assert_false(srp_verifier_is_sound(bytes_of(dh_prime, DH_SIZE)));
	assert_false(srp_verifier_is_sound((struct bytes){0}));
}

#define WITH_WORLD(test) cmocka_unit_test_setup(test, world_setup)

int main(void)
{
	const struct CMUnitTest tests[] = {
		WITH_WORLD(test_vector_of_another_client),
		WITH_WORLD(test_who_knows_the_password_is_let_in),
		WITH_WORLD(test_another_password_or_salt_is_not),
		WITH_WORLD(test_every_flipped_byte_is_refused),
		WITH_WORLD(test_wrong_sizes_are_refused),
		WITH_WORLD(test_forged_numbers_are_refused),
		WITH_WORLD(test_a_verifier_is_a_number_of_the_group),
	};

	return cmocka_run_group_tests(tests, NULL, no_arena_leaked);
}
