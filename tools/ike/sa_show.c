// SPDX-License-Identifier: GPL-2.0-or-later
/* An IKE SA as show prints it, and under another configuration. */
#include <stdlib.h>
#include <string.h>

#include "ike/sa_int.h"

static void show_child(struct ike_child_info *info, const struct ike_child *child)
{
	*info = (struct ike_child_info){
		.policy = child->policy,
		.state = ike_child_state_text(child->state),
		.spi_in = child->spi_in,
		.spi_out = child->spi_out,
		.suite = child->suite.encr ? &child->suite : NULL,
		.local = &child->local,
		.remote = &child->remote,
		.transport = child->transport,
		.since_ms = child->since,
		.rekey_ms = child->rekey,
		.rekeys = child->rekeys,
	};
}

/**
 * ike_sa_info() - Tell what show prints.
 * @sa: IKE SA
 * @info: what is told; refers to @sa, and is to be freed by ike_sa_info_free()
 *
 * Return: false without memory.
 */
bool ike_sa_info(const struct ike_sa *sa, struct ike_sa_info *info)
{
	const struct ike_child *child;

	*info = (struct ike_sa_info){
		.state = sa->state,
		.initiator = sa->initiator,
		.spi_i = sa->spi_i,
		.spi_r = sa->spi_r,
		.path = &sa->path,
		.local_id = &sa->local_id,
		.remote_id = &sa->remote_id,
		.suite = sa->has_keys ? &sa->suite : NULL,
		.proved_local = sa->proved_local,
		.proved_remote = sa->proved_remote,
		.profile = sa->profile,
		.since_ms = sa->since ? sa->since : sa->born,
		.rekey_ms = sa->rekey_at,
		.nat_local = sa->nat_local,
		.nat_remote = sa->nat_remote,
		.fragmentation = sa->fragmentation,
		.ppk = sa->ppk,
		.sent = sa->send_id,
		.received = sa->recv_id,
		.retransmits = sa->retransmits,
		.dpd_outstanding = sa->asking && sa->asking->ops == &ike_task_probe,
		.error = sa->error,
		.error_theirs = sa->error_theirs,
		.error_ours = sa->error_ours,
		.error_ms = sa->error_at,
	};
	if (!sa->n_children)
		return true;
	info->children = calloc(sa->n_children, sizeof(*info->children));
	if (!info->children)
		return false;
	for (child = TAILQ_FIRST(&sa->children); child; child = TAILQ_NEXT(child, list))
		show_child(&info->children[info->n_children++], child);
	return true;
}

/**
 * ike_sa_info_free() - Forget what was told.
 * @info: of ike_sa_info()
 */
void ike_sa_info_free(struct ike_sa_info *info)
{
	free(info->children);
	info->children = NULL;
	info->n_children = 0;
}

/* Whether the SA may stay as it is; its profile is that of the new configuration then. */
static bool keeps_profile(struct ike_sa *sa, const struct ike_config *config)
{
	const struct ike_profile *p;

	/* the peer's identity is yet to choose one */
	if (!sa->profile)
		return true;
	p = ike_config_profile(config, sa->profile->name);
	if (!p || !ike_profile_same(p, sa->profile, &sa->path.remote,
				    sa->remote_id.type ? &sa->remote_id : NULL))
		return false;
	sa->profile = p;
	return true;
}

/**
 * ike_sa_configure() - Go on under another configuration.
 * @sa: IKE SA
 * @at: now
 * @config: new configuration
 *
 * What its configuration left as it was stays up. The SA is closed where its profile
 * has changed, or before its algorithms are agreed on its policy, and a child SA where
 * its entry has. Another policy counts when an SA is made or rekeyed.
 */
void ike_sa_configure(struct ike_sa *sa, const struct ike_moment *at,
		      const struct ike_config *config)
{
	const struct ike_policy *policy = ike_config_policy(config, &sa->path.local);
	const struct ike_config *was = sa->config;

	if (sa->state == IKE_STATE_DEAD || sa->lingering)
		return;
	if (!policy || !keeps_profile(sa, config) ||
	    (sa->state == IKE_STATE_INIT && !ike_policy_same(policy, sa->policy))) {
		ike_sa_close(sa, at, "its configuration has changed", true);
		return;
	}
	sa->policy = policy;
	sa->config = ike_config_get(config);
	ike_children_configure(sa);
	ike_config_put(was);
}
