/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Owns the table of countries and calling codes. Does not own what a country means for a viewer:
 * restrictions do. Calling codes and the areas of shared ones are facts of ITU-T E.164 and of the
 * numbering plans; areas are listed as far as they tell countries apart.
 */
#include "core/accounts/country.h"

#include <string.h>

static const struct country countries[] = {
	{"AF", "93", NULL, "Afghanistan"},
	{"AX", "358", "18", "Åland Islands"},
	{"AL", "355", NULL, "Albania"},
	{"DZ", "213", NULL, "Algeria"},
	{"AS", "1", "684", "American Samoa"},
	{"AD", "376", NULL, "Andorra"},
	{"AO", "244", NULL, "Angola"},
	{"AI", "1", "264", "Anguilla"},
	{"AG", "1", "268", "Antigua & Barbuda"},
	{"AR", "54", NULL, "Argentina"},
	{"AM", "374", NULL, "Armenia"},
	{"AW", "297", NULL, "Aruba"},
	{"AU", "61", NULL, "Australia"},
	{"AT", "43", NULL, "Austria"},
	{"AZ", "994", NULL, "Azerbaijan"},
	{"BS", "1", "242", "Bahamas"},
	{"BH", "973", NULL, "Bahrain"},
	{"BD", "880", NULL, "Bangladesh"},
	{"BB", "1", "246", "Barbados"},
	{"BY", "375", NULL, "Belarus"},
	{"BE", "32", NULL, "Belgium"},
	{"BZ", "501", NULL, "Belize"},
	{"BJ", "229", NULL, "Benin"},
	{"BM", "1", "441", "Bermuda"},
	{"BT", "975", NULL, "Bhutan"},
	{"BO", "591", NULL, "Bolivia"},
	{"BQ", "599", "3 4 7", "Bonaire, Sint Eustatius & Saba"},
	{"BA", "387", NULL, "Bosnia & Herzegovina"},
	{"BW", "267", NULL, "Botswana"},
	{"BR", "55", NULL, "Brazil"},
	{"IO", "246", NULL, "British Indian Ocean Territory"},
	{"VG", "1", "284", "British Virgin Islands"},
	{"BN", "673", NULL, "Brunei Darussalam"},
	{"BG", "359", NULL, "Bulgaria"},
	{"BF", "226", NULL, "Burkina Faso"},
	{"BI", "257", NULL, "Burundi"},
	{"KH", "855", NULL, "Cambodia"},
	{"CM", "237", NULL, "Cameroon"},
	{"CA", "1",
		"204 226 236 249 250 257 263 289 306 343 354 365 367 368 382 387 403 416 418 428 "
		"431 437 438 450 460 468 474 506 514 519 537 548 568 579 581 584 587 604 613 639 "
		"647 672 683 705 709 742 753 778 780 782 807 819 825 867 873 879 902 905 942",
		"Canada"},
	{"CV", "238", NULL, "Cape Verde"},
	{"KY", "1", "345", "Cayman Islands"},
	{"CF", "236", NULL, "Central African Republic"},
	{"TD", "235", NULL, "Chad"},
	{"CL", "56", NULL, "Chile"},
	{"CN", "86", NULL, "China"},
	{"CX", "61", "89164", "Christmas Island"},
	{"CC", "61", "89162", "Cocos (Keeling) Islands"},
	{"CO", "57", NULL, "Colombia"},
	{"KM", "269", NULL, "Comoros"},
	{"CG", "242", NULL, "Congo"},
	{"CD", "243", NULL, "Congo, Democratic Republic"},
	{"CK", "682", NULL, "Cook Islands"},
	{"CR", "506", NULL, "Costa Rica"},
	{"CI", "225", NULL, "Côte d'Ivoire"},
	{"HR", "385", NULL, "Croatia"},
	{"CU", "53", NULL, "Cuba"},
	{"CW", "599", "9", "Curaçao"},
	{"CY", "357", NULL, "Cyprus"},
	{"CZ", "420", NULL, "Czech Republic"},
	{"DK", "45", NULL, "Denmark"},
	{"DJ", "253", NULL, "Djibouti"},
	{"DM", "1", "767", "Dominica"},
	{"DO", "1", "809 829 849", "Dominican Republic"},
	{"EC", "593", NULL, "Ecuador"},
	{"EG", "20", NULL, "Egypt"},
	{"SV", "503", NULL, "El Salvador"},
	{"GQ", "240", NULL, "Equatorial Guinea"},
	{"ER", "291", NULL, "Eritrea"},
	{"EE", "372", NULL, "Estonia"},
	{"SZ", "268", NULL, "Eswatini"},
	{"ET", "251", NULL, "Ethiopia"},
	{"FK", "500", NULL, "Falkland Islands"},
	{"FO", "298", NULL, "Faroe Islands"},
	{"FJ", "679", NULL, "Fiji"},
	{"FI", "358", NULL, "Finland"},
	{"FR", "33", NULL, "France"},
	{"GF", "594", NULL, "French Guiana"},
	{"PF", "689", NULL, "French Polynesia"},
	{"GA", "241", NULL, "Gabon"},
	{"GM", "220", NULL, "Gambia"},
	{"GE", "995", NULL, "Georgia"},
	{"DE", "49", NULL, "Germany"},
	{"GH", "233", NULL, "Ghana"},
	{"GI", "350", NULL, "Gibraltar"},
	{"GR", "30", NULL, "Greece"},
	{"GL", "299", NULL, "Greenland"},
	{"GD", "1", "473", "Grenada"},
	{"GP", "590", NULL, "Guadeloupe"},
	{"GU", "1", "671", "Guam"},
	{"GT", "502", NULL, "Guatemala"},
	{"GG", "44", "1481 7781 7839", "Guernsey"},
	{"GN", "224", NULL, "Guinea"},
	{"GW", "245", NULL, "Guinea-Bissau"},
	{"GY", "592", NULL, "Guyana"},
	{"HT", "509", NULL, "Haiti"},
	{"HN", "504", NULL, "Honduras"},
	{"HK", "852", NULL, "Hong Kong"},
	{"HU", "36", NULL, "Hungary"},
	{"IS", "354", NULL, "Iceland"},
	{"IN", "91", NULL, "India"},
	{"ID", "62", NULL, "Indonesia"},
	{"IR", "98", NULL, "Iran"},
	{"IQ", "964", NULL, "Iraq"},
	{"IE", "353", NULL, "Ireland"},
	{"IM", "44", "1624 7524 7624 7924", "Isle of Man"},
	{"IL", "972", NULL, "Israel"},
	{"IT", "39", NULL, "Italy"},
	{"JM", "1", "658 876", "Jamaica"},
	{"JP", "81", NULL, "Japan"},
	{"JE", "44", "1534 7509 7797 7937", "Jersey"},
	{"JO", "962", NULL, "Jordan"},
	{"KZ", "7", "6 7", "Kazakhstan"},
	{"KE", "254", NULL, "Kenya"},
	{"KI", "686", NULL, "Kiribati"},
	{"XK", "383", NULL, "Kosovo"},
	{"KW", "965", NULL, "Kuwait"},
	{"KG", "996", NULL, "Kyrgyzstan"},
	{"LA", "856", NULL, "Laos"},
	{"LV", "371", NULL, "Latvia"},
	{"LB", "961", NULL, "Lebanon"},
	{"LS", "266", NULL, "Lesotho"},
	{"LR", "231", NULL, "Liberia"},
	{"LY", "218", NULL, "Libya"},
	{"LI", "423", NULL, "Liechtenstein"},
	{"LT", "370", NULL, "Lithuania"},
	{"LU", "352", NULL, "Luxembourg"},
	{"MO", "853", NULL, "Macau"},
	{"MG", "261", NULL, "Madagascar"},
	{"MW", "265", NULL, "Malawi"},
	{"MY", "60", NULL, "Malaysia"},
	{"MV", "960", NULL, "Maldives"},
	{"ML", "223", NULL, "Mali"},
	{"MT", "356", NULL, "Malta"},
	{"MH", "692", NULL, "Marshall Islands"},
	{"MQ", "596", NULL, "Martinique"},
	{"MR", "222", NULL, "Mauritania"},
	{"MU", "230", NULL, "Mauritius"},
	{"YT", "262", "269 639", "Mayotte"},
	{"MX", "52", NULL, "Mexico"},
	{"FM", "691", NULL, "Micronesia"},
	{"MD", "373", NULL, "Moldova"},
	{"MC", "377", NULL, "Monaco"},
	{"MN", "976", NULL, "Mongolia"},
	{"ME", "382", NULL, "Montenegro"},
	{"MS", "1", "664", "Montserrat"},
	{"MA", "212", NULL, "Morocco"},
	{"MZ", "258", NULL, "Mozambique"},
	{"MM", "95", NULL, "Myanmar"},
	{"NA", "264", NULL, "Namibia"},
	{"NR", "674", NULL, "Nauru"},
	{"NP", "977", NULL, "Nepal"},
	{"NL", "31", NULL, "Netherlands"},
	{"NC", "687", NULL, "New Caledonia"},
	{"NZ", "64", NULL, "New Zealand"},
	{"NI", "505", NULL, "Nicaragua"},
	{"NE", "227", NULL, "Niger"},
	{"NG", "234", NULL, "Nigeria"},
	{"NU", "683", NULL, "Niue"},
	{"NF", "672", NULL, "Norfolk Island"},
	{"KP", "850", NULL, "North Korea"},
	{"MK", "389", NULL, "North Macedonia"},
	{"MP", "1", "670", "Northern Mariana Islands"},
	{"NO", "47", NULL, "Norway"},
	{"OM", "968", NULL, "Oman"},
	{"PK", "92", NULL, "Pakistan"},
	{"PW", "680", NULL, "Palau"},
	{"PS", "970", NULL, "Palestine"},
	{"PA", "507", NULL, "Panama"},
	{"PG", "675", NULL, "Papua New Guinea"},
	{"PY", "595", NULL, "Paraguay"},
	{"PE", "51", NULL, "Peru"},
	{"PH", "63", NULL, "Philippines"},
	{"PL", "48", NULL, "Poland"},
	{"PT", "351", NULL, "Portugal"},
	{"PR", "1", "787 939", "Puerto Rico"},
	{"QA", "974", NULL, "Qatar"},
	{"RE", "262", NULL, "Réunion"},
	{"RO", "40", NULL, "Romania"},
	{"RU", "7", NULL, "Russian Federation"},
	{"RW", "250", NULL, "Rwanda"},
	{"SH", "290", NULL, "Saint Helena"},
	{"KN", "1", "869", "Saint Kitts & Nevis"},
	{"LC", "1", "758", "Saint Lucia"},
	{"PM", "508", NULL, "Saint Pierre & Miquelon"},
	{"VC", "1", "784", "Saint Vincent & the Grenadines"},
	{"WS", "685", NULL, "Samoa"},
	{"SM", "378", NULL, "San Marino"},
	{"ST", "239", NULL, "São Tomé & Príncipe"},
	{"SA", "966", NULL, "Saudi Arabia"},
	{"SN", "221", NULL, "Senegal"},
	{"RS", "381", NULL, "Serbia"},
	{"SC", "248", NULL, "Seychelles"},
	{"SL", "232", NULL, "Sierra Leone"},
	{"SG", "65", NULL, "Singapore"},
	{"SX", "1", "721", "Sint Maarten"},
	{"SK", "421", NULL, "Slovakia"},
	{"SI", "386", NULL, "Slovenia"},
	{"SB", "677", NULL, "Solomon Islands"},
	{"SO", "252", NULL, "Somalia"},
	{"ZA", "27", NULL, "South Africa"},
	{"KR", "82", NULL, "South Korea"},
	{"SS", "211", NULL, "South Sudan"},
	{"ES", "34", NULL, "Spain"},
	{"LK", "94", NULL, "Sri Lanka"},
	{"SD", "249", NULL, "Sudan"},
	{"SR", "597", NULL, "Suriname"},
	{"SJ", "47", "79", "Svalbard & Jan Mayen"},
	{"SE", "46", NULL, "Sweden"},
	{"CH", "41", NULL, "Switzerland"},
	{"SY", "963", NULL, "Syria"},
	{"TW", "886", NULL, "Taiwan"},
	{"TJ", "992", NULL, "Tajikistan"},
	{"TZ", "255", NULL, "Tanzania"},
	{"TH", "66", NULL, "Thailand"},
	{"TL", "670", NULL, "Timor-Leste"},
	{"TG", "228", NULL, "Togo"},
	{"TK", "690", NULL, "Tokelau"},
	{"TO", "676", NULL, "Tonga"},
	{"TT", "1", "868", "Trinidad & Tobago"},
	{"TN", "216", NULL, "Tunisia"},
	{"TR", "90", NULL, "Turkey"},
	{"TM", "993", NULL, "Turkmenistan"},
	{"TC", "1", "649", "Turks & Caicos Islands"},
	{"TV", "688", NULL, "Tuvalu"},
	{"VI", "1", "340", "U.S. Virgin Islands"},
	{"UG", "256", NULL, "Uganda"},
	{"UA", "380", NULL, "Ukraine"},
	{"AE", "971", NULL, "United Arab Emirates"},
	{"GB", "44", NULL, "United Kingdom"},
	{"US", "1", NULL, "United States"},
	{"UY", "598", NULL, "Uruguay"},
	{"UZ", "998", NULL, "Uzbekistan"},
	{"VU", "678", NULL, "Vanuatu"},
	{"VA", "39", "06698", "Vatican City"},
	{"VE", "58", NULL, "Venezuela"},
	{"VN", "84", NULL, "Vietnam"},
	{"WF", "681", NULL, "Wallis & Futuna"},
	{"YE", "967", NULL, "Yemen"},
	{"ZM", "260", NULL, "Zambia"},
	{"ZW", "263", NULL, "Zimbabwe"},
};

const struct country *country_table(size_t *count)
{
	*count = sizeof(countries) / sizeof(countries[0]);
	return countries;
}

static bool starts_with(struct bytes digits, const char *prefix, size_t size)
{
	return size <= digits.size && memcmp(digits.data, prefix, size) == 0;
}

/* Digits of the longest of the prefixes that rest starts with; 0: none. */
static size_t prefix_match(const char *prefixes, struct bytes rest)
{
	size_t best = 0;

	while (*prefixes) {
		size_t size = strcspn(prefixes, " ");

		if (size > best && starts_with(rest, prefixes, size))
			best = size;
		prefixes += size;
		prefixes += strspn(prefixes, " ");
	}
	return best;
}

/* Digits of the number that say it is of this country; 0: it isn't. */
static size_t country_match(const struct country *country, struct bytes digits)
{
	size_t code = strlen(country->calling_code), area;

	if (!starts_with(digits, country->calling_code, code))
		return 0;
	if (!country->prefixes)
		return code;
	area = prefix_match(country->prefixes, bytes_of(digits.data + code, digits.size - code));
	return area ? code + area : 0;
}

const struct country *country_of_phone(struct bytes digits)
{
	const struct country *best = NULL;
	size_t best_match = 0;

	for (size_t i = 0; i < sizeof(countries) / sizeof(countries[0]); i++) {
		size_t match = country_match(&countries[i], digits);

		if (match > best_match) {
			best = &countries[i];
			best_match = match;
		}
	}
	return best;
}

const char *country_code_of_phone(struct bytes digits)
{
	const struct country *country = country_of_phone(digits);

	return country ? country->iso2 : "";
}
