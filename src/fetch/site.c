/* SPDX-License-Identifier: Apache-2.0 */
/* See the header. */
#include "fetch/site.h"

#include <netdb.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/log.h"
#include "base/mem.h"
#include "fetch/address.h"
#include "fetch/own_address.h"
#include "fetch/site_name.h"

#define ADDRESSES_MAX 8
#define AGAIN_S 60	 /* names of sites behind networks of servers live about so long */
#define FAILED_AGAIN_S 5 /* right after a start the network may not be there yet */

struct site {
	const struct site_options *options;
	char host[SITE_NAME_MAX + 1], port[6];
	pthread_mutex_t lock;
	struct sockaddr_storage at[ADDRESSES_MAX];
	socklen_t sizes[ADDRESSES_MAX];
	size_t count, next;
	const char *complaint; /* the last one; NULL: all was well */
};

/* NULL: it may be gone to. */
static const char *objection(const struct site *site, const struct addrinfo *found)
{
	if (own_address_is(site->options->own, found->ai_addr, found->ai_addrlen))
		return "its name leads back to this server; [proxy] site_address says where it "
		       "is";
	if (site->options->public_only &&
		address_classify(found->ai_addr, found->ai_addrlen) != ADDRESS_PUBLIC)
		return "its name leads to no public address; if that is right, write it as "
		       "[proxy] site_address too";
	return NULL;
}

static const char *keep(struct site *site, const struct addrinfo *found)
{
	const char *complaint = NULL;
	size_t count = 0;

	pthread_mutex_lock(&site->lock);
	for (; found && count < ADDRESSES_MAX; found = found->ai_next) {
		const char *why = objection(site, found);

		if (why) {
			complaint = why;
			continue;
		}
		memcpy(&site->at[count], found->ai_addr, found->ai_addrlen);
		site->sizes[count++] = found->ai_addrlen;
	}
	site->count = count;
	pthread_mutex_unlock(&site->lock);
	return count == 0 ? complaint : NULL;
}

/* false: not found; what was found before holds. */
static bool look_up(struct site *site)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int rc = getaddrinfo(site->host, site->port, &hints, &found);
	const char *complaint = rc == 0 ? keep(site, found) : gai_strerror(rc);

	if (complaint && complaint != site->complaint)
		log_warn("site_unknown", "strangers are closed, the masked site can't be found: %s",
			complaint);
	site->complaint = complaint;
	if (found)
		freeaddrinfo(found);
	return rc == 0;
}

static void *look_up_again(void *arg)
{
	struct site *site = arg;

	for (;;)
		sleep(look_up(site) ? AGAIN_S : FAILED_AGAIN_S);
	return NULL;
}

struct site *site_new(const struct site_options *options, struct err *err)
{
	struct site *site = MEM_NEW(struct site);
	pthread_t thread;

	site->options = options;
	pthread_mutex_init(&site->lock, NULL);
	if (site_name_split(options->text, site->host, site->port, err) < 0)
		goto failed;
	/* Strangers who came meanwhile wait in the pair. */
	(void)look_up(site);
	if (pthread_create(&thread, NULL, look_up_again, site) != 0) {
		err_set(err, 0, "can't start the thread that looks names up");
		goto failed;
	}
	pthread_detach(thread);
	return site;
failed:
	free(site);
	return NULL;
}

socklen_t site_address(struct site *site, struct sockaddr_storage *out)
{
	socklen_t size = 0;

	pthread_mutex_lock(&site->lock);
	if (site->count > 0) {
		size_t i = site->next++ % site->count;

		size = site->sizes[i];
		memcpy(out, &site->at[i], size);
	}
	pthread_mutex_unlock(&site->lock);
	return size;
}
