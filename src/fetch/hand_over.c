/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/hand_over.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

/* Room for one descriptor, aligned as the kernel wants it. */
union descriptor_room {
	struct cmsghdr head;
	uint8_t bytes[CMSG_SPACE(sizeof(int))];
};

int hand_over_send(int pair, int stranger, const uint8_t address[HAND_OVER_ADDRESS_SIZE],
	struct bytes so_far, struct err *err)
{
	union descriptor_room room = {.bytes = {0}};
	struct iovec parts[2] = {{(void *)(uintptr_t)address, HAND_OVER_ADDRESS_SIZE},
		{(void *)(uintptr_t)so_far.data, so_far.size}};
	struct msghdr message = {.msg_iov = parts,
		.msg_iovlen = 2,
		.msg_control = room.bytes,
		.msg_controllen = sizeof(room.bytes)};
	struct cmsghdr *head = CMSG_FIRSTHDR(&message);

	if (so_far.size > HAND_OVER_BYTES_MAX)
		return err_set(err, EMSGSIZE, "too much was read to hand a connection over");
	head->cmsg_level = SOL_SOCKET;
	head->cmsg_type = SCM_RIGHTS;
	head->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(head), &stranger, sizeof(int));
	if (sendmsg(pair, &message, MSG_DONTWAIT | MSG_NOSIGNAL) < 0)
		return err_errno(err, "the relay takes no more");
	return 0;
}

static int descriptor_of(struct msghdr *message)
{
	struct cmsghdr *head = CMSG_FIRSTHDR(message);
	int fd = -1;

	if (head && head->cmsg_level == SOL_SOCKET && head->cmsg_type == SCM_RIGHTS &&
		head->cmsg_len == CMSG_LEN(sizeof(int)))
		memcpy(&fd, CMSG_DATA(head), sizeof(int));
	return fd;
}

int hand_over_receive(int pair, struct hand_over *out)
{
	union descriptor_room room = {.bytes = {0}};
	struct iovec parts[2] = {
		{out->address, sizeof(out->address)}, {out->bytes, sizeof(out->bytes)}};
	struct msghdr message = {.msg_iov = parts,
		.msg_iovlen = 2,
		.msg_control = room.bytes,
		.msg_controllen = sizeof(room.bytes)};
	ssize_t size = recvmsg(pair, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);

	if (size < 0)
		return errno == EAGAIN || errno == EINTR ? 0 : -1;
	if (size == 0 && message.msg_controllen == 0)
		return -1;
	out->stranger = descriptor_of(&message);
	if (out->stranger < 0)
		return 0;
	if (size < HAND_OVER_ADDRESS_SIZE || (message.msg_flags & (MSG_TRUNC | MSG_CTRUNC))) {
		close(out->stranger);
		return 0;
	}
	out->size = (size_t)size - HAND_OVER_ADDRESS_SIZE;
	return 1;
}
