/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "media/walls.h"

#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>

#include "cage/cage.h"
#include "media/inspect.h"
#include "media/thumbnail.h"

static const char *const allowed[] = {"read", "write", "brk", "munmap", "mremap", "madvise",
	"futex", "clock_gettime", "getrandom", /* malloc */
	"rt_sigreturn", "restart_syscall", "exit", "exit_group", "getpid", "gettid",
	"rt_sigprocmask",
#ifdef __SANITIZE_ADDRESS__
	"sched_yield", "sigaltstack",
#endif
	NULL};

static const struct cage_call calls[] = {
	{"mmap", CAGE_ALLOW, 2, PROT_EXEC, 0},
	{"mprotect", CAGE_ALLOW, 2, PROT_EXEC, 0},
	/* abort(): refused its signal, it ends by a forbidden instruction, and so still as a crash.
	 */
	{"rt_sigaction", CAGE_REFUSE, 0, 0, 0},
	{"tgkill", CAGE_REFUSE, 0, 0, 0},
#ifdef __SANITIZE_ADDRESS__
	{"prctl", CAGE_REFUSE, 0, 0, 0},
#endif
};

static int limit(int what, size_t most, struct err *err)
{
	struct rlimit value = {.rlim_cur = most, .rlim_max = most};

	return setrlimit((__rlimit_resource_t)what, &value) == 0
		       ? 0
		       : err_errno(err, "can't bound what decoding may use");
}

static int limit_all(struct err *err)
{
	alarm(MEDIA_SECONDS_MAX); /* unhandled: it ends the process */
	/* No bound on the size of files: standard error may be one, and nothing else is open. */
	if (limit(RLIMIT_CPU, MEDIA_SECONDS_MAX, err) < 0 || limit(RLIMIT_CORE, 0, err) < 0)
		return -1;
#ifndef __SANITIZE_ADDRESS__ /* its shadow is terabytes of address space */
	if (limit(RLIMIT_AS, MEDIA_MEMORY_MAX, err) < 0)
		return -1;
#endif
	return 0;
}

/* Libraries look at the processor when they are first used, some of them in /proc. */
static int warm_up(struct err *err)
{
	struct buf file, thumbnail;
	struct picture picture;
	struct media_info info;
	uint32_t width, height;
	int rc;

	buf_init(&file, 4096);
	buf_init(&thumbnail, 4096);
	picture_init(&picture, 16, 16);
	memset(picture.pixels, 0x55, (size_t)16 * 16 * PICTURE_CHANNELS);
	rc = thumbnail_append(&picture, 16, &file, &width, &height);
	if (rc == 0)
		media_inspect(buf_bytes(&file), MEDIA_WANT_HASH | MEDIA_WANT_THUMBNAIL,
			MEDIA_PIXELS_MAX, &thumbnail, &info);
	if (rc < 0 || info.result != MEDIA_OK)
		rc = err_set(err, 0, "an image of our own can't be decoded");
	picture_release(&picture);
	buf_release(&thumbnail);
	buf_release(&file);
	return rc;
}

int media_walls_enter(struct err *err)
{
	static const struct cage cage = {.allowed = allowed,
		.calls = calls,
		.call_count = ARRAY_LEN(calls),
		.others = CAGE_KILL};
	int landlock_version;

	/* Without Landlock the calls that it guards are not in the list either. */
	if (limit_all(err) < 0 || warm_up(err) < 0 || cage_enter(&cage, &landlock_version, err) < 0)
		return -1;
	return 0;
}
