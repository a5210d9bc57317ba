/* SPDX-License-Identifier: Apache-2.0 */
/* The table of reactions. */
#include "core/messages/reactions.h"

/* Stored by their place: new ones go to the end. Without variation selectors, as clients keep
 * them. */
const struct reaction_kind reaction_kinds[REACTION_KINDS] = {
	{"❤", "Red Heart"},
	{"👍", "Thumbs Up"},
	{"👎", "Thumbs Down"},
	{"🔥", "Fire"},
	{"🥰", "Smiling Face with Hearts"},
	{"👏", "Clapping Hands"},
	{"😁", "Beaming Face"},
	{"🤔", "Thinking Face"},
	{"🤯", "Exploding Head"},
	{"😱", "Screaming Face"},
	{"🤬", "Face with Symbols on Mouth"},
	{"😢", "Crying Face"},
	{"🎉", "Party Popper"},
	{"🤩", "Star-Struck"},
	{"🤮", "Face Vomiting"},
	{"💩", "Pile of Poo"},
	{"🙏", "Folded Hands"},
	{"👌", "OK Hand"},
	{"🕊", "Dove"},
	{"🤡", "Clown Face"},
	{"🥱", "Yawning Face"},
	{"🥴", "Woozy Face"},
	{"😍", "Heart Eyes"},
	{"🐳", "Spouting Whale"},
	{"❤‍🔥", "Heart on Fire"},
	{"🌚", "New Moon Face"},
	{"🌭", "Hot Dog"},
	{"💯", "Hundred Points"},
	{"🤣", "Rolling on the Floor"},
	{"⚡", "High Voltage"},
	{"🍌", "Banana"},
	{"🏆", "Trophy"},
	{"💔", "Broken Heart"},
	{"🤨", "Raised Eyebrow"},
	{"😐", "Neutral Face"},
	{"🍓", "Strawberry"},
	{"🍾", "Bottle with Popping Cork"},
	{"💋", "Kiss Mark"},
	{"🖕", "Middle Finger"},
	{"😈", "Smiling Face with Horns"},
	{"😴", "Sleeping Face"},
	{"😭", "Loudly Crying Face"},
	{"🤓", "Nerd Face"},
	{"👻", "Ghost"},
	{"👨‍💻", "Man Technologist"},
	{"👀", "Eyes"},
	{"🎃", "Jack-O-Lantern"},
	{"🙈", "See-No-Evil Monkey"},
	{"😇", "Smiling Face with Halo"},
	{"😨", "Fearful Face"},
	{"🤝", "Handshake"},
	{"✍", "Writing Hand"},
	{"🤗", "Hugging Face"},
	{"🫡", "Saluting Face"},
	{"🎅", "Santa Claus"},
	{"🎄", "Christmas Tree"},
	{"☃", "Snowman"},
	{"💅", "Nail Polish"},
	{"🤪", "Zany Face"},
	{"🗿", "Moai"},
	{"🆒", "Cool"},
	{"💘", "Heart with Arrow"},
	{"🙉", "Hear-No-Evil Monkey"},
	{"🦄", "Unicorn"},
	{"😘", "Face Blowing a Kiss"},
	{"💊", "Pill"},
	{"🙊", "Speak-No-Evil Monkey"},
	{"😎", "Face with Sunglasses"},
	{"👾", "Alien Monster"},
	{"🤷‍♂", "Man Shrugging"},
	{"🤷", "Person Shrugging"},
	{"🤷‍♀", "Woman Shrugging"},
	{"😡", "Pouting Face"},
};

/* U+FE0F asks for the coloured form of a character, and clients differ in whether they send it. */
static struct bytes without_selectors(struct arena *arena, struct bytes emoji)
{
	uint8_t *out = arena_array(arena, emoji.size + 1, 1);
	size_t size = 0;

	for (size_t i = 0; i < emoji.size; i++) {
		if (i + 2 < emoji.size && memcmp(emoji.data + i, "\xEF\xB8\x8F", 3) == 0)
			i += 2;
		else
			out[size++] = emoji.data[i];
	}
	return bytes_of(out, size);
}

int reaction_kind_of(struct arena *arena, struct bytes emoji)
{
	if (emoji.size > REACTION_SIZE_MAX)
		return -1;
	emoji = without_selectors(arena, emoji);
	for (int i = 0; i < REACTION_KINDS; i++) {
		if (bytes_equal_str(emoji, reaction_kinds[i].emoji))
			return i;
	}
	return -1;
}
