// SPDX-License-Identifier: GPL-2.0
/* A module with defects, to see whether the lab sees them. */

#include <linux/delay.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

static char *kind = "none";
module_param(kind, charp, 0400);
MODULE_PARM_DESC(kind, "the defect to have");

static DEFINE_MUTEX(lock_a);
static DEFINE_MUTEX(lock_b);
static DEFINE_SPINLOCK(atomic);

/* Several, because a stale pointer on some stack may hide one of them. */
static noinline void leak(void)
{
	void *object;
	int i;

	for (i = 0; i < 16; i++) {
		object = kzalloc(96, GFP_KERNEL);
		OPTIMIZER_HIDE_VAR(object);
	}
}

static noinline void use_after_free(void)
{
	char *object = kzalloc(96, GFP_KERNEL);

	if (!object)
		return;
	OPTIMIZER_HIDE_VAR(object);
	kfree(object);
	OPTIMIZER_HIDE_VAR(object);
	READ_ONCE(object[7]);
}

static noinline void sleep_in_atomic(void)
{
	spin_lock(&atomic);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	spin_unlock(&atomic);
}

static noinline void lock_inversion(void)
{
	mutex_lock(&lock_a);
	mutex_lock(&lock_b);
	mutex_unlock(&lock_b);
	mutex_unlock(&lock_a);
	mutex_lock(&lock_b);
	mutex_lock(&lock_a);
	mutex_unlock(&lock_a);
	mutex_unlock(&lock_b);
}

static int counter;

static int race(void *unused)
{
	while (!kthread_should_stop()) {
		counter++;
		cond_resched();
	}
	return 0;
}

/* Two threads without a lock between them, for some seconds. */
static int two_threads(void)
{
	struct task_struct *thread[2];
	int i;

	for (i = 0; i < ARRAY_SIZE(thread); i++)
		thread[i] = kthread_run(race, NULL, "lab_defects");
	msleep(3000);
	for (i = 0; i < ARRAY_SIZE(thread); i++)
		if (!IS_ERR(thread[i]))
			kthread_stop(thread[i]);
	return 0;
}

static int __init lab_defects_init(void)
{
	if (!strcmp(kind, "warning"))
		WARN_ON(1);
	else if (!strcmp(kind, "leak"))
		leak();
	else if (!strcmp(kind, "use-after-free"))
		use_after_free();
	else if (!strcmp(kind, "sleep-in-atomic"))
		sleep_in_atomic();
	else if (!strcmp(kind, "lock-inversion"))
		lock_inversion();
	else if (!strcmp(kind, "data-race"))
		return two_threads();
	else if (strcmp(kind, "none"))
		return -EINVAL;
	return 0;
}
module_init(lab_defects_init);

static void __exit lab_defects_exit(void)
{
}
module_exit(lab_defects_exit);

MODULE_DESCRIPTION("Defects on demand, for the lab's tests of itself");
MODULE_LICENSE("GPL");
