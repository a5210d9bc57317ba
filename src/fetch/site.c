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
#include "fetch/site_name.h"

#define ADDRESSES_MAX 8
#define AGAIN_S 60	 /* names of sites behind networks of servers live about so long */
#define FAILED_AGAIN_S 5 /* right after a start the network may not be there yet */

struct site {
	char host[SITE_NAME_MAX + 1], port[6];
	pthread_mutex_t lock;
	struct sockaddr_storage at[ADDRESSES_MAX];
	socklen_t sizes[ADDRESSES_MAX];
	size_t count, next;
	bool complained;
};

static void keep(struct site *site, const struct addrinfo *found)
{
	pthread_mutex_lock(&site->lock);
	site->count = 0;
	for (; found && site->count < ADDRESSES_MAX; found = found->ai_next) {
		memcpy(&site->at[site->count], found->ai_addr, found->ai_addrlen);
		site->sizes[site->count++] = found->ai_addrlen;
	}
	pthread_mutex_unlock(&site->lock);
}

/* false: not found; what was found before holds. */
static bool look_up(struct site *site)
{
	const struct addrinfo hints = {.ai_socktype = SOCK_STREAM};
	struct addrinfo *found = NULL;
	int rc = getaddrinfo(site->host, site->port, &hints, &found);

	if (rc == 0)
		keep(site, found);
	if (rc != 0 && !site->complained)
		log_warn("site_unknown", "the masked site can't be found: %s", gai_strerror(rc));
	site->complained = rc != 0;
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

struct site *site_new(const char *text, struct err *err)
{
	struct site *site = MEM_NEW(struct site);
	pthread_t thread;

	pthread_mutex_init(&site->lock, NULL);
	if (site_name_split(text, site->host, site->port, err) < 0)
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
