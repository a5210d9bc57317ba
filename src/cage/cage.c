/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. https://docs.kernel.org/userspace-api/landlock.html */
#include "cage/cage.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <linux/landlock.h>
#include <seccomp.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "cage/filter.h"

/* ---- Landlock ---- */

/* Later than the headers of Debian 12; the kernel says by its version what it knows. */
#define LL_ALL_OF_VERSION_1 ((1ULL << 13) - 1)
#define LL_REFER (1ULL << 13)	  /* version 2 */
#define LL_TRUNCATE (1ULL << 14)  /* version 3 */
#define LL_IOCTL_DEV (1ULL << 15) /* version 5 */
#define LL_BIND_TCP (1ULL << 0)	  /* version 4 */
#define LL_CONNECT_TCP (1ULL << 1)
#define LL_SCOPE_ALL 3ULL /* version 6: abstract sockets, signals */

#define LL_RULE_NET_PORT 2

struct ruleset_attr {
	uint64_t fs, net, scoped;
};

struct net_port_attr {
	uint64_t allowed, port;
};

/* What isn't there can't be read either, so it needs no rule. */
static int allow_reading(int ruleset, const char *path, struct err *err)
{
	struct landlock_path_beneath_attr rule = {.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE};
	struct stat what;
	int rc;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return 0;
	if (fstat(rule.parent_fd, &what) == 0 && S_ISDIR(what.st_mode))
		rule.allowed_access |= LANDLOCK_ACCESS_FS_READ_DIR;
	rc = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	if (rc < 0)
		err_errno(err, "can't allow reading %s", path);
	close(rule.parent_fd);
	return rc;
}

static int allow_writing(int ruleset, const char *path, int version, struct err *err)
{
	struct landlock_path_beneath_attr rule = {
		.allowed_access = LANDLOCK_ACCESS_FS_READ_FILE | LANDLOCK_ACCESS_FS_WRITE_FILE |
				  LANDLOCK_ACCESS_FS_READ_DIR | LANDLOCK_ACCESS_FS_MAKE_REG |
				  LANDLOCK_ACCESS_FS_MAKE_DIR | LANDLOCK_ACCESS_FS_REMOVE_FILE |
				  LANDLOCK_ACCESS_FS_REMOVE_DIR | (version >= 3 ? LL_TRUNCATE : 0)};
	int rc;

	rule.parent_fd = open(path, O_PATH | O_CLOEXEC);
	if (rule.parent_fd < 0)
		return err_errno(err, "can't open the folder %s", path);
	rc = (int)syscall(SYS_landlock_add_rule, ruleset, LANDLOCK_RULE_PATH_BENEATH, &rule, 0);
	if (rc < 0)
		err_errno(err, "can't allow the folder %s", path);
	close(rule.parent_fd);
	return rc;
}

static int make_ruleset(const struct cage *cage, int version, struct err *err)
{
	struct ruleset_attr attr = {.fs = LL_ALL_OF_VERSION_1};
	size_t size = version >= 6 ? 24 : version >= 4 ? 16 : 8;
	int ruleset;

	if (version >= 2)
		attr.fs |= LL_REFER;
	if (version >= 3)
		attr.fs |= LL_TRUNCATE;
	if (version >= 4)
		attr.net = (cage->binds ? 0 : LL_BIND_TCP) |
			   (cage->connects && !cage->connect_ports ? 0 : LL_CONNECT_TCP);
	if (version >= 5)
		attr.fs |= LL_IOCTL_DEV;
	if (version >= 6)
		attr.scoped = LL_SCOPE_ALL;
	ruleset = (int)syscall(SYS_landlock_create_ruleset, &attr, size, 0);
	return ruleset < 0 ? err_errno(err, "can't make the Landlock rules") : ruleset;
}

static int allow_connecting(int ruleset, uint16_t port, struct err *err)
{
	struct net_port_attr rule = {LL_CONNECT_TCP, port};

	if (syscall(SYS_landlock_add_rule, ruleset, LL_RULE_NET_PORT, &rule, 0) < 0)
		return err_errno(err, "can't allow connecting to port %u", port);
	return 0;
}

static int enforce_landlock(const struct cage *cage, int version, struct err *err)
{
	int ruleset = make_ruleset(cage, version, err), rc = ruleset < 0 ? -1 : 0;

	if (ruleset < 0)
		return -1;
	for (size_t i = 0; rc == 0 && cage->readable_paths && cage->readable_paths[i]; i++)
		rc = allow_reading(ruleset, cage->readable_paths[i], err);
	for (size_t i = 0; rc == 0 && cage->writable_paths && cage->writable_paths[i]; i++)
		rc = allow_writing(ruleset, cage->writable_paths[i], version, err);
	for (const uint16_t *port = version >= 4 && cage->connects ? cage->connect_ports : NULL;
		rc == 0 && port && *port; port++)
		rc = allow_connecting(ruleset, *port, err);
	if (rc == 0 && syscall(SYS_landlock_restrict_self, ruleset, 0) < 0)
		rc = err_errno(err, "can't enforce the Landlock rules");
	close(ruleset);
	return rc;
}

/* ---- seccomp ---- */

static uint32_t action_of(enum cage_verdict verdict)
{
	switch (verdict) {
	case CAGE_ALLOW:
		return SCMP_ACT_ALLOW;
	case CAGE_REFUSE:
		return SCMP_ACT_ERRNO(EPERM);
	case CAGE_ABSENT:
		return SCMP_ACT_ERRNO(ENOSYS);
	case CAGE_KILL:
		break;
	}
	return SCMP_ACT_KILL_PROCESS;
}

static int add_names(scmp_filter_ctx filter, const char *const *names, enum cage_verdict verdict)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && names && names[i]; i++) {
		int number = seccomp_syscall_resolve_name(names[i]);

		if (number != __NR_SCMP_ERROR)
			rc = seccomp_rule_add(filter, action_of(verdict), number, 0);
	}
	return rc;
}

static int add_calls(scmp_filter_ctx filter, const struct cage *cage)
{
	int rc = 0;

	for (size_t i = 0; rc == 0 && i < cage->call_count; i++) {
		const struct cage_call *call = &cage->calls[i];
		int number = seccomp_syscall_resolve_name(call->name);
		struct scmp_arg_cmp match = {.arg = call->argument,
			.op = SCMP_CMP_MASKED_EQ,
			.datum_a = call->mask,
			.datum_b = call->value};

		if (number != __NR_SCMP_ERROR)
			rc = seccomp_rule_add_array(filter, action_of(call->verdict), number,
				call->mask ? 1 : 0, &match);
	}
	return rc;
}

int cage_refuse(const char *const *calls, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(SCMP_ACT_ALLOW);
	int rc;

	if (!filter)
		return err_set(err, ENOMEM, "can't make the seccomp filter");
	rc = add_names(filter, calls, CAGE_REFUSE);
	return cage_filter_load(filter, rc, err);
}

static int filter_calls(const struct cage *cage, struct err *err)
{
	scmp_filter_ctx filter = seccomp_init(action_of(cage->others));
	int rc;

	if (!filter)
		return err_set(err, ENOMEM, "can't make the seccomp filter");
	rc = add_names(filter, cage->allowed, CAGE_ALLOW);
	/* Where everything else is deadly, libseccomp takes no rule that says so again. */
	if (rc == 0 && cage->others != CAGE_KILL)
		rc = add_names(filter, cage->deadly, CAGE_KILL);
	if (rc == 0)
		rc = add_calls(filter, cage);
	return cage_filter_load(filter, rc, err);
}

/* Started by root, it would keep root's capabilities; none is needed in here. */
static int drop_capabilities(struct err *err)
{
	struct __user_cap_header_struct head = {.version = _LINUX_CAPABILITY_VERSION_3};
	struct __user_cap_data_struct none[_LINUX_CAPABILITY_U32S_3] = {{0}};

	return syscall(SYS_capset, &head, none) == 0 ? 0
						     : err_errno(err, "can't give up capabilities");
}

int cage_enter(const struct cage *cage, int *landlock_version, struct err *err)
{
	int version =
		(int)syscall(SYS_landlock_create_ruleset, NULL, 0, LANDLOCK_CREATE_RULESET_VERSION);

	*landlock_version = version > 0 ? version : 0;
	if (!cage->keeps_open)
		close_range(STDERR_FILENO + 1, ~0U, 0);
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) < 0 || prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) < 0)
		return err_errno(err, "can't give up privileges");
	if (version > 0 && enforce_landlock(cage, version, err) < 0)
		return -1;
	if (drop_capabilities(err) < 0)
		return -1;
	return filter_calls(cage, err);
}
