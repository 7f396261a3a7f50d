// SPDX-License-Identifier: GPL-2.0-or-later
/* Child SAs in words, for logs. */
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "ike/child.h"

struct text {
	char *buf;
	size_t len;
};

static void __attribute__((format(printf, 2, 3))) print(struct text *t, const char *format, ...)
{
	const size_t room = IKE_CHILD_TEXT_LEN - t->len;
	va_list ap;
	int n;

	va_start(ap, format);
	n = vsnprintf(t->buf + t->len, room, format, ap);
	va_end(ap);
	if (n > 0)
		t->len += (size_t)n < room ? (size_t)n : room - 1;
}

static void print_selectors(struct text *t, const struct ike_selectors *s)
{
	char buf[IKE_SELECTOR_TEXT_LEN];

	if (!s->n)
		print(t, "nothing");
	for (unsigned int i = 0; i < s->n; i++)
		print(t, "%s%s", i ? ", " : "", ike_selector_text(buf, &s->list[i]));
}

/**
 * ike_selectors_text() - Write traffic: "10.1.1.0/24 to 20.1.1.0/24".
 * @buf: where to
 * @local: our side
 * @remote: the peer's
 *
 * Return: @buf.
 */
const char *ike_selectors_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_selectors *local,
			       const struct ike_selectors *remote)
{
	struct text t = { .buf = buf };

	*buf = '\0';
	print_selectors(&t, local);
	print(&t, " to ");
	print_selectors(&t, remote);
	return buf;
}

/**
 * ike_pairs_text() - Write the access list of an entry, likewise.
 * @buf: where to
 * @policy: entry
 *
 * Return: @buf.
 */
const char *ike_pairs_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_child_policy *policy)
{
	char local[IKE_SELECTOR_TEXT_LEN], remote[IKE_SELECTOR_TEXT_LEN];
	struct text t = { .buf = buf };

	*buf = '\0';
	if (!policy->n_pairs)
		print(&t, "anything");
	for (size_t i = 0; i < policy->n_pairs; i++)
		print(&t, "%s%s to %s", i ? "; " : "",
		      ike_selector_text(local, &policy->pairs[i].local),
		      ike_selector_text(remote, &policy->pairs[i].remote));
	return buf;
}

/**
 * ike_child_text() - Write which child SA is meant, by SPIs and traffic.
 * @buf: where to
 * @child: child SA
 *
 * Return: @buf.
 */
const char *ike_child_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_child *child)
{
	struct text t = { .buf = buf };

	*buf = '\0';
	print_selectors(&t, &child->local);
	print(&t, " to ");
	print_selectors(&t, &child->remote);
	print(&t, " (SPI in %08x, out %08x)", child->spi_in, child->spi_out);
	return buf;
}

/**
 * ike_proposals_text() - Write proposals, one after the other.
 * @buf: where to
 * @list: proposals
 * @n: their number
 *
 * Return: @buf.
 */
const char *ike_proposals_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_proposal *list,
			       size_t n)
{
	char one[IKE_PROPOSAL_TEXT_LEN];
	struct text t = { .buf = buf };

	*buf = '\0';
	for (size_t i = 0; i < n; i++) {
		ike_proposal_text(one, sizeof(one), &list[i]);
		print(&t, "%s%s", i ? "; " : "", one);
	}
	if (!n)
		print(&t, "none");
	return buf;
}

/**
 * ike_policy_text() - Write which entry is meant: "crypto map vpn 10 of eth0".
 * @buf: where to
 * @policy: entry
 *
 * Return: @buf.
 */
const char *ike_policy_text(char buf[IKE_CHILD_TEXT_LEN], const struct ike_child_policy *policy)
{
	struct text t = { .buf = buf };

	*buf = '\0';
	print(&t, "crypto map %s %u of %s", policy->map, policy->number, policy->ifname);
	if (*policy->dynamic_map)
		print(&t, " (dynamic map %s %u)", policy->dynamic_map, policy->dynamic_number);
	return buf;
}
