/* SPDX-License-Identifier: Apache-2.0 */
/* Who gives way when room is scarce: strangers to newcomers, readers to those that began before. */
#include "served.h"

#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>

#include "net/tally.h"

#define KEEP ((size_t)64 << 10)
#define GUESTS 8

/* An owner that keeps what it is sent until it has KEEP of it. */
struct guest {
	struct conn *conn;
	size_t kept, finished;
	int closed;
	enum conn_reason reason;
};

struct house {
	struct loop *loop;
	struct listener *listener;
	struct guest guests[GUESTS];
	int fds[GUESTS];
	int came;
	bool vouch;
};

static size_t take(struct conn *conn, struct bytes in)
{
	struct guest *guest = conn_owner(conn);

	guest->kept += in.size;
	while (guest->kept >= KEEP) {
		guest->kept -= KEEP;
		guest->finished++;
	}
	conn_keep(conn, guest->kept);
	return in.size;
}

static void gone(struct conn *conn, enum conn_reason reason)
{
	struct guest *guest = conn_owner(conn);

	guest->closed++;
	guest->reason = reason;
	guest->conn = NULL;
}

static const struct conn_ops guest_ops = {.on_data = take, .on_close = gone};

static void came(struct conn *conn)
{
	struct house *house = conn_owner(conn);
	struct guest *guest = &house->guests[house->came++];

	guest->conn = conn;
	conn_set_owner(conn, &guest_ops, guest);
}

static void gone_early(struct conn *conn, enum conn_reason reason)
{
}

static const struct conn_ops door_ops = {.on_open = came, .on_close = gone_early};
static const struct conn_limits limits = {.input_max = 1 << 20, .output_max = 1 << 20};

static void rounds(struct house *house, int count)
{
	for (int i = 0; i < count; i++)
		loop_step(house->loop, 2);
}

static void open_house(struct house *house, const struct loop_room *room, size_t conns_max)
{
	struct listener_config config = {.host = "127.0.0.1",
		.limits = &limits,
		.ops = &door_ops,
		.owner = house,
		.conns_max = conns_max};

	memset(house, 0, sizeof(*house));
	house->loop = new_loop();
	loop_set_room(house->loop, room);
	house->listener = listener_open(house->loop, &config, NULL);
	assert_non_null(house->listener);
}

static void close_house(struct house *house)
{
	for (int i = 0; i < house->came; i++)
		close(house->fds[i]);
	listener_close(house->listener);
	loop_free(house->loop);
}

static int knock(struct house *house)
{
	int fd = dial(listener_port(house->listener));

	fcntl(fd, F_SETFL, O_NONBLOCK);
	rounds(house, 3);
	return fd;
}

static struct guest *invite(struct house *house)
{
	int before = house->came, fd = knock(house);

	assert_int_equal(house->came, before + 1);
	house->fds[before] = fd;
	return &house->guests[before];
}

static void send_bytes(struct house *house, const struct guest *guest, size_t size)
{
	static const uint8_t zeros[KEEP];

	assert_int_equal(
		send(house->fds[guest - house->guests], zeros, size, MSG_NOSIGNAL), (ssize_t)size);
	rounds(house, 12);
}

/* ---- Strangers ---- */

static void the_longest_stranger_gives_way(void **state)
{
	struct house house;
	struct guest *a, *b, *c, *d;

	open_house(&house, &(struct loop_room){.strangers_max = 2}, 0);
	a = invite(&house);
	conn_vouch(a->conn);
	b = invite(&house);
	c = invite(&house);
	assert_int_equal(b->closed, 0);
	d = invite(&house);
	assert_int_equal(b->closed, 1);
	assert_int_equal(b->reason, CONN_CROWDED_OUT);
	assert_false(a->closed || c->closed || d->closed);
	assert_false(conn_is_stranger(a->conn));
	assert_true(conn_is_stranger(d->conn));
	close_house(&house);
}

static void a_full_house_takes_a_newcomer_for_a_stranger_only(void **state)
{
	struct house house;
	struct guest *a, *b;

	open_house(&house, &loop_room_default, 2);
	a = invite(&house);
	conn_vouch(a->conn);
	b = invite(&house);
	conn_vouch(invite(&house)->conn);
	assert_true(b->closed && !a->closed);
	/* All are known now: the newcomer is the one that goes. */
	close(knock(&house));
	assert_int_equal(house.came, 3);
	assert_int_equal(listener_shed(house.listener), 1);
	assert_false(a->closed);
	close_house(&house);
}

/* ---- Unfinished input ---- */

static const struct loop_room tight = {.stranger_bytes = 40 << 10, .known_bytes = 40 << 10};

static void what_is_begun_first_is_finished_first(void **state)
{
	struct house house;
	struct guest *a, *b, *c;

	open_house(&house, &tight, 0);
	a = invite(&house);
	b = invite(&house);
	c = invite(&house);
	send_bytes(&house, a, 30 << 10);
	send_bytes(&house, b, 20 << 10);
	assert_int_equal(a->kept + b->kept, 50 << 10);
	/* Full: b must wait, a may go on, and whoever says little is heard. */
	send_bytes(&house, b, KEEP - (20 << 10));
	assert_int_equal(b->kept, 20 << 10);
	send_bytes(&house, c, 1000);
	assert_int_equal(c->kept, 1000);
	send_bytes(&house, a, KEEP - (30 << 10));
	assert_int_equal(a->finished, 1);
	rounds(&house, 10);
	assert_int_equal(b->finished, 1);
	assert_false(a->closed || b->closed || c->closed);
	close_house(&house);
}

static void known_ones_have_room_of_their_own(void **state)
{
	struct house house;
	struct guest *a, *b;

	open_house(&house, &tight, 0);
	a = invite(&house);
	send_bytes(&house, a, 60 << 10);
	b = invite(&house);
	conn_vouch(b->conn);
	send_bytes(&house, b, 39 << 10);
	assert_int_equal(b->kept, 39 << 10);
	close_house(&house);
}

/* The first guest leaves no room for what the second goes on to say. */
static void fill_house(struct house *house)
{
	struct guest *a, *b;

	open_house(house, &tight, 0);
	a = invite(house);
	b = invite(house);
	send_bytes(house, a, 60 << 10);
	send_bytes(house, b, 4 << 10);
	send_bytes(house, b, 20 << 10);
}

static void one_that_leaves_makes_room(void **state)
{
	struct house house;
	struct guest *a = &house.guests[0], *b = &house.guests[1];

	fill_house(&house);
	assert_int_equal(b->kept, 4 << 10);
	conn_close(a->conn);
	rounds(&house, 10);
	assert_int_equal(b->kept, 24 << 10);
	close_house(&house);
}

static void one_that_may_go_on_and_does_not_is_cut_while_others_wait(void **state)
{
	struct house house;
	struct guest *a = &house.guests[0], *b = &house.guests[1];

	fill_house(&house);
	STEP_UNTIL(house.loop, a->closed);
	assert_int_equal(a->reason, CONN_CROWDED_OUT);
	rounds(&house, 10);
	assert_int_equal(b->kept, 24 << 10);
	assert_false(b->closed);
	close_house(&house);
}

/* ---- Addresses ---- */

static void connections_of_an_address_are_counted(void **state)
{
	struct address a, b;
	struct tally tally;

	assert_int_equal(address_parse(&a, "192.0.2.1", 1, NULL), 0);
	assert_int_equal(address_parse(&b, "192.0.2.2", 1, NULL), 0);
	tally_init(&tally);
	tally_add(&tally, &a);
	tally_add(&tally, &a);
	assert_int_equal(tally_count(&tally, &a), 2);
	assert_int_equal(tally_count(&tally, &b), 0);
	tally_remove(&tally, &a);
	tally_remove(&tally, &a);
	assert_int_equal(tally_count(&tally, &a), 0);
	assert_int_equal(tally.by_address.size, 0); /* what is remembered are those that are here */
	tally_release(&tally);
}

static void an_address_has_its_share(void **state)
{
	struct house house;
	struct guest *a, *b, *c;

	open_house(&house, &(struct loop_room){.address_max = 2}, 0);
	a = invite(&house);
	b = invite(&house);
	c = invite(&house);
	assert_true(conn_count_address(a->conn));
	assert_true(conn_count_address(b->conn));
	assert_false(conn_count_address(c->conn));
	conn_close(a->conn);
	rounds(&house, 3);
	assert_true(conn_count_address(c->conn));
	close_house(&house);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_longest_stranger_gives_way),
		cmocka_unit_test(a_full_house_takes_a_newcomer_for_a_stranger_only),
		cmocka_unit_test(what_is_begun_first_is_finished_first),
		cmocka_unit_test(known_ones_have_room_of_their_own),
		cmocka_unit_test(one_that_leaves_makes_room),
		cmocka_unit_test(one_that_may_go_on_and_does_not_is_cut_while_others_wait),
		cmocka_unit_test(connections_of_an_address_are_counted),
		cmocka_unit_test(an_address_has_its_share),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
