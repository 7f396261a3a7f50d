// SPDX-License-Identifier: GPL-2.0-or-later
/* What is to be asked of the peer, in its order. */
#include <openssl/crypto.h>
#include <stdlib.h>

#include "ike/sa_int.h"

/**
 * ike_task_new() - Make something to ask of the peer.
 * @sa: IKE SA
 * @ops: what kind
 *
 * Return: it, for ike_task_queue(), or NULL without memory or with too many of them.
 */
struct ike_task *ike_task_new(struct ike_sa *sa, const struct ike_task_ops *ops)
{
	struct ike_task *task;

	if (sa->n_tasks >= IKE_TASKS_MAX)
		return NULL;
	task = calloc(1, sizeof(*task));
	if (task)
		task->ops = ops;
	return task;
}

/**
 * ike_task_queue() - Ask it after all that is in the queue.
 * @sa: IKE SA
 * @task: of ike_task_new()
 */
void ike_task_queue(struct ike_sa *sa, struct ike_task *task)
{
	TAILQ_INSERT_TAIL(&sa->tasks, task, list);
	sa->n_tasks++;
}

/**
 * ike_task_unqueue() - Take a task out of the queue.
 * @sa: IKE SA
 * @task: one of its tasks, not the one that is outstanding; the caller's from now on
 */
void ike_task_unqueue(struct ike_sa *sa, struct ike_task *task)
{
	TAILQ_REMOVE(&sa->tasks, task, list);
	sa->n_tasks--;
}

/**
 * ike_task_pop() - Take the first task out of the queue.
 * @sa: IKE SA
 *
 * Return: it, the caller's from now on, or NULL.
 */
struct ike_task *ike_task_pop(struct ike_sa *sa)
{
	struct ike_task *task = TAILQ_FIRST(&sa->tasks);

	if (task)
		ike_task_unqueue(sa, task);
	return task;
}

/**
 * ike_task_free() - Forget a task that is in no queue.
 * @task: of ike_task_new(), or NULL
 */
void ike_task_free(struct ike_task *task)
{
	if (!task)
		return;
	ike_dh_free(task->dh);
	ike_sa_free(task->sa);
	ike_sa_free(task->collided.sa);
	OPENSSL_cleanse(task, sizeof(*task));
	free(task);
}
