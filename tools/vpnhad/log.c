// SPDX-License-Identifier: GPL-2.0-or-later
#include <arpa/inet.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "lib/text.h"
#include "vpnhad/clock.h"
#include "vpnhad/log.h"

#define LINE_MAX_LEN	1600

#define BUCKETS		1024

/**
 * struct limit - How much may be said.
 * @burst: lines at once
 * @per_s: lines each second after that
 */
struct limit {
	unsigned int burst, per_s;
};

static const struct limit of_peer = { .burst = 20, .per_s = 1 };

/* Who is not known may give any address: one limit for all of them. */
static const struct limit of_strangers = { .burst = 100, .per_s = 10 };

/**
 * struct bucket - What the peers of one hash value, or all strangers, may still say.
 * @at_ms: when it was last looked at
 * @left: lines
 * @held: lines that were not written since
 */
struct bucket {
	uint64_t at_ms;
	unsigned int left, held;
};

static struct {
	pthread_mutex_t lock;
	bool debug;
	log_follow_fn follow;
	void *data;
	struct bucket buckets[BUCKETS], strangers;
} state = { .lock = PTHREAD_MUTEX_INITIALIZER };

/* Looked at by workers for each step, so without the lock. */
static atomic_bool debug_is_wanted;

/**
 * log_open() - Begin to log to standard error.
 * @debug: lines of %IKE_LOG_DEBUG are written there, too
 */
void log_open(bool debug)
{
	state.debug = debug;
	atomic_store(&debug_is_wanted, debug);
}

/**
 * log_follow() - Have each line told to somebody.
 * @follow: called with it; NULL: nobody
 * @data: for @follow
 */
void log_follow(log_follow_fn follow, void *data)
{
	pthread_mutex_lock(&state.lock);
	state.follow = follow;
	state.data = data;
	pthread_mutex_unlock(&state.lock);
	atomic_store(&debug_is_wanted, state.debug || follow);
}

/**
 * log_wants() - Tell whether lines of a level go anywhere.
 * @level: level
 */
bool log_wants(enum ike_level level)
{
	return level != IKE_LOG_DEBUG || atomic_load(&debug_is_wanted);
}

/**
 * log_endpoint() - Write an address and a port.
 * @buf: room
 * @e: both
 *
 * Return: @buf.
 */
const char *log_endpoint(char buf[LOG_ENDPOINT_LEN], const struct ike_endpoint *e)
{
	char address[INET6_ADDRSTRLEN];

	if (!e->family || !inet_ntop(e->family, e->address, address, sizeof(address)))
		snprintf(address, sizeof(address), "none");
	snprintf(buf, LOG_ENDPOINT_LEN, "%s port %u", address, e->port);
	return buf;
}

/**
 * log_level_text() - Name of a level, for JSON.
 * @level: level
 */
const char *log_level_text(enum ike_level level)
{
	switch (level) {
	case IKE_LOG_ERROR:
		return "error";
	case IKE_LOG_NOTICE:
		return "notice";
	default:
		return "debug";
	}
}

/* The journal's priorities, sd-daemon(3): what a peer can cause is a warning. */
static int priority(enum ike_level level, const char *who)
{
	switch (level) {
	case IKE_LOG_ERROR:
		return *who ? 4 : 3;
	case IKE_LOG_NOTICE:
		return 6;
	default:
		return 7;
	}
}

static struct bucket *bucket_of(const struct ike_endpoint *peer)
{
	uint32_t hash = 2166136261U;

	for (size_t n = 0; n < sizeof(peer->address); n++)
		hash = (hash ^ peer->address[n]) * 16777619U;
	return &state.buckets[hash % BUCKETS];
}

/* Whether more may be said, and in *held what could not be before. */
static bool allowed(struct bucket *b, const struct limit *limit, unsigned int *held)
{
	uint64_t now = clock_ms(), seconds = (now - b->at_ms) / 1000;

	*held = 0;
	if (!b->at_ms || seconds * limit->per_s >= limit->burst) {
		b->left = limit->burst;
		b->at_ms = now;
	} else if (seconds) {
		b->left += (unsigned int)seconds * limit->per_s;
		if (b->left > limit->burst)
			b->left = limit->burst;
		b->at_ms += seconds * 1000;
	}
	if (!b->left) {
		b->held++;
		return false;
	}
	b->left--;
	*held = b->held;
	b->held = 0;
	return true;
}

static void put(enum ike_level level, const char *who, const char *text)
{
	char line[LINE_MAX_LEN + 2 * LOG_ENDPOINT_LEN];
	int n;

	n = snprintf(line, sizeof(line), "<%d>%s%s%s\n", priority(level, who), who,
		     *who ? ": " : "", text);
	/* Nobody is left to be told that the log is gone. */
	if (write(STDERR_FILENO, line, (size_t)n) < 0)
		return;
}

static void put_held(enum ike_level level, const char *who, unsigned int held)
{
	char text[64];

	snprintf(text, sizeof(text), "%u lines were not written", held);
	put(level, who, text);
}

/* Whether there is room for it in the journal; what there was none for is told. */
static bool has_room(enum ike_level level, const struct ike_endpoint *peer, const char *who,
		     bool known)
{
	unsigned int held = 0;

	if (state.debug || !peer)
		return true;
	if (!known) {
		if (!allowed(&state.strangers, &of_strangers, &held))
			return false;
		if (held)
			put_held(level, "peers that are not known", held);
	}
	if (!allowed(bucket_of(peer), &of_peer, &held))
		return false;
	if (held)
		put_held(level, who, held);
	return true;
}

static void tell(enum ike_level level, const struct ike_endpoint *peer, bool known, char *text)
{
	char who[LOG_ENDPOINT_LEN] = "";

	/* What a peer has a hand in must not break lines or move a terminal's cursor. */
	text_sanitize(text);
	if (peer)
		log_endpoint(who, peer);
	pthread_mutex_lock(&state.lock);
	if (state.follow)
		state.follow(state.data, (int64_t)time(NULL), level, who, text);
	if ((level != IKE_LOG_DEBUG || state.debug) && has_room(level, peer, who, known))
		put(level, who, text);
	pthread_mutex_unlock(&state.lock);
}

/**
 * log_line() - Tell.
 * @level: how loud
 * @peer: whom it is about; NULL: nobody. Of each peer only so many lines are written.
 * @format: as of printf; no secrets
 */
void log_line(enum ike_level level, const struct ike_endpoint *peer, const char *format, ...)
{
	char text[LINE_MAX_LEN];
	va_list ap;

	if (!log_wants(level))
		return;
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	tell(level, peer, true, text);
}

/**
 * log_stranger() - Tell what somebody does who has not proved who it is.
 * @level: how loud
 * @peer: its address, which need not be its own. Of all strangers only so many lines are
 *	written.
 * @text: what
 */
void log_stranger(enum ike_level level, const struct ike_endpoint *peer, const char *text)
{
	char copy[LINE_MAX_LEN];

	if (!log_wants(level))
		return;
	snprintf(copy, sizeof(copy), "%s", text);
	tell(level, peer, false, copy);
}
