// SPDX-License-Identifier: GPL-2.0
/*
 * AEADs that are late, busy or fail on demand, as those of an engine beside the
 * processor are. They take precedence over all others of their names; of what
 * is made of them, only what was made while "enrol" was set is concerned.
 *
 * Where encryption fails the packet is left in clear, where decryption fails it
 * has been decrypted: that is when it matters what becomes of it.
 */
#include <crypto/internal/aead.h>
#include <linux/list.h>
#include <linux/module.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

static bool enrol;
module_param(enrol, bool, 0600);
MODULE_PARM_DESC(enrol, "what is made now is concerned");

static bool later;
module_param(later, bool, 0600);
MODULE_PARM_DESC(later, "requests are under way for a while");

static bool busy;
module_param(busy, bool, 0600);
MODULE_PARM_DESC(busy, "likewise, and they are on the backlog before");

static unsigned int error;
module_param(error, uint, 0600);
MODULE_PARM_DESC(error, "errno of requests that fail, 0 for none");

static unsigned int every = 1;
module_param(every, uint, 0600);
MODULE_PARM_DESC(every, "one in so many requests fails");

/* Counted under the lock, shown without. */
static int get_count(char *buffer, const struct kernel_param *kp)
{
	return sysfs_emit(buffer, "%u\n", data_race(*(unsigned int *)kp->arg));
}

static const struct kernel_param_ops count_ops = {
	.get = get_count,
};

static unsigned int waiting;
module_param_cb(waiting, &count_ops, &waiting, 0400);
MODULE_PARM_DESC(waiting, "number of requests under way");

static unsigned int requests;
module_param_cb(requests, &count_ops, &requests, 0400);
MODULE_PARM_DESC(requests, "number of requests so far");

/* All of the above, and the queue. */
static DEFINE_SPINLOCK(lock);
static LIST_HEAD(queue);

static void work_fn(struct work_struct *work);
static DECLARE_WORK(work, work_fn);
static struct workqueue_struct *wq;

static bool hold;

static int set_hold(const char *value, const struct kernel_param *kp)
{
	int err = param_set_bool(value, kp);

	if (!err && wq)
		queue_work(wq, &work);
	return err;
}

static const struct kernel_param_ops hold_ops = {
	.set = set_hold,
	.get = param_get_bool,
};
module_param_cb(hold, &hold_ops, &hold, 0600);
MODULE_PARM_DESC(hold, "requests stay under way until this is reset");

/**
 * struct faulty - a transform
 * @inner: what does the work
 * @enrolled: it is concerned
 */
struct faulty {
	struct crypto_aead *inner;
	bool enrolled;
};

/**
 * struct faulty_req - a request
 * @list: in the queue
 * @req: the request itself
 * @encrypt: or decrypt
 * @busy: it is on the backlog
 * @err: 0, or how it fails
 * @inner: request of what does the work, and behind it what that needs
 */
struct faulty_req {
	struct list_head list;
	struct aead_request *req;
	bool encrypt;
	bool busy;
	int err;
	struct aead_request inner;
};

static int run(struct faulty_req *fr)
{
	struct aead_request *inner = &fr->inner;
	struct aead_request *req = fr->req;
	struct faulty *f = crypto_aead_ctx(crypto_aead_reqtfm(req));
	int err = 0;

	aead_request_set_tfm(inner, f->inner);
	aead_request_set_callback(inner, 0, NULL, NULL);
	aead_request_set_crypt(inner, req->src, req->dst, req->cryptlen,
			       req->iv);
	aead_request_set_ad(inner, req->assoclen);
	if (!fr->encrypt)
		err = crypto_aead_decrypt(inner);
	else if (!fr->err)
		err = crypto_aead_encrypt(inner);
	return fr->err ?: err;
}

static void complete_req(struct aead_request *req, int err)
{
	local_bh_disable();
	aead_request_complete(req, err);
	local_bh_enable();
}

static void work_fn(struct work_struct *unused)
{
	struct faulty_req *fr;

	for (;;) {
		spin_lock_bh(&lock);
		fr = READ_ONCE(hold) ? NULL :
		     list_first_entry_or_null(&queue, struct faulty_req, list);
		if (fr)
			list_del(&fr->list);
		spin_unlock_bh(&lock);
		if (!fr)
			return;
		if (fr->busy)
			complete_req(fr->req, -EINPROGRESS);
		complete_req(fr->req, run(fr));
		spin_lock_bh(&lock);
		waiting--;
		spin_unlock_bh(&lock);
	}
}

static int take(struct aead_request *req, bool encrypt)
{
	struct faulty *f = crypto_aead_ctx(crypto_aead_reqtfm(req));
	struct faulty_req *fr = aead_request_ctx(req);
	bool queued, is_busy;

	fr->req = req;
	fr->encrypt = encrypt;
	fr->busy = false;
	fr->err = 0;
	if (!f->enrolled)
		return run(fr);

	spin_lock_bh(&lock);
	requests++;
	if (error && every && requests % every == 0)
		fr->err = -(int)error;
	is_busy = busy && req->base.flags & CRYPTO_TFM_REQ_MAY_BACKLOG;
	fr->busy = is_busy;
	queued = later || busy || hold;
	if (queued) {
		list_add_tail(&fr->list, &queue);
		waiting++;
	}
	spin_unlock_bh(&lock);
	if (!queued)
		return run(fr);
	/* From here on it may be over any time. */
	queue_work(wq, &work);
	return is_busy ? -EBUSY : -EINPROGRESS;
}

static int faulty_encrypt(struct aead_request *req)
{
	return take(req, true);
}

static int faulty_decrypt(struct aead_request *req)
{
	return take(req, false);
}

static int faulty_setkey(struct crypto_aead *aead, const u8 *key,
			 unsigned int len)
{
	struct faulty *f = crypto_aead_ctx(aead);

	return crypto_aead_setkey(f->inner, key, len);
}

static int faulty_setauthsize(struct crypto_aead *aead, unsigned int size)
{
	struct faulty *f = crypto_aead_ctx(aead);

	return crypto_aead_setauthsize(f->inner, size);
}

static int faulty_init(struct crypto_aead *aead)
{
	const char *name = crypto_tfm_alg_name(crypto_aead_tfm(aead));
	struct faulty *f = crypto_aead_ctx(aead);

	/* One that is done at once, and not ourselves. */
	f->inner = crypto_alloc_aead(name, 0, CRYPTO_ALG_ASYNC |
				     CRYPTO_ALG_NEED_FALLBACK);
	if (IS_ERR(f->inner))
		return PTR_ERR(f->inner);
	f->enrolled = READ_ONCE(enrol);
	crypto_aead_set_reqsize(aead, sizeof(struct faulty_req) +
				crypto_aead_reqsize(f->inner));
	return 0;
}

static void faulty_exit(struct crypto_aead *aead)
{
	struct faulty *f = crypto_aead_ctx(aead);

	crypto_free_aead(f->inner);
}

#define FAULTY(name, driver, iv, block, icv) {				\
	.base.cra_name = name,						\
	.base.cra_driver_name = driver,					\
	.base.cra_priority = 10000,					\
	.base.cra_flags = CRYPTO_ALG_ASYNC | CRYPTO_ALG_NEED_FALLBACK,	\
	.base.cra_blocksize = block,					\
	.base.cra_ctxsize = sizeof(struct faulty),			\
	.base.cra_module = THIS_MODULE,					\
	.ivsize = iv,							\
	.maxauthsize = icv,						\
	.setkey = faulty_setkey,					\
	.setauthsize = faulty_setauthsize,				\
	.encrypt = faulty_encrypt,					\
	.decrypt = faulty_decrypt,					\
	.init = faulty_init,						\
	.exit = faulty_exit,						\
}

static struct aead_alg algs[] = {
	FAULTY("rfc4106(gcm(aes))", "faulty-gcm", 8, 1, 16),
	FAULTY("authenc(hmac(sha256),cbc(aes))", "faulty-cbc", 16, 16, 32),
	FAULTY("authencesn(hmac(sha256),cbc(aes))", "faulty-cbc-esn", 16, 16,
	       32),
};

static int __init esp_faulty_init(void)
{
	int err;

	wq = alloc_ordered_workqueue("esp_faulty", 0);
	if (!wq)
		return -ENOMEM;
	err = crypto_register_aeads(algs, ARRAY_SIZE(algs));
	if (err)
		destroy_workqueue(wq);
	return err;
}
module_init(esp_faulty_init);

static void __exit esp_faulty_exit(void)
{
	crypto_unregister_aeads(algs, ARRAY_SIZE(algs));
	destroy_workqueue(wq);
}
module_exit(esp_faulty_exit);

MODULE_DESCRIPTION("AEADs that are late, busy or fail, for tests of ESP");
MODULE_LICENSE("GPL");
