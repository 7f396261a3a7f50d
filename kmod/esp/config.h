/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Transactions on the configuration and on SAs.
 *
 * RTNL is held throughout. An operation on a configuration object puts a new
 * object in the place of the old one and remembers both; an operation on an SA
 * makes one that passes nothing yet, or marks one. esp_txn_check() compiles
 * what packets are to see, which may fail; then all of it takes effect, or what
 * was remembered is put back.
 */
#ifndef _VPNHA_ESP_CONFIG_H
#define _VPNHA_ESP_CONFIG_H

#include "core/verb.h"
#include "esp/esp.h"

struct netlink_ext_ack;

/**
 * struct esp_txn - an open transaction
 * @en: namespace
 * @extack: takes the reason of a refusal
 * @undo: list of struct esp_undo, the last operation first
 * @sas: SAs that it touched
 * @wake: entries that it gave an outbound SA
 * @raw: attributes of the operation that is staged, for those that may come
 *	more than once
 * @raw_len: bytes of these
 * @scratch: an SA's description, too large for the stack; holds keys
 * @serial: number of the transaction, which objects that it touches get
 * @dirty: something that packets see has to be compiled anew
 * @compiled: bindings have a policy to be
 * @resync: manual SAs have to be looked at
 */
struct esp_txn {
	struct esp_net *en;
	struct netlink_ext_ack *extack;
	struct list_head undo;
	struct list_head sas;
	struct list_head wake;
	const struct nlattr *raw;
	int raw_len;
	struct esp_sa_desc *scratch;
	u32 serial;
	bool dirty;
	bool compiled;
	bool resync;
};

/**
 * struct esp_undo - an object took another one's place
 * @list: in esp_txn.undo
 * @kind: of what kind they are
 * @old: the object before, or NULL
 * @new: the object after, or NULL
 * @where: attribute of the request to name when it does not go with others
 */
struct esp_undo {
	struct list_head list;
	enum esp_kind kind;
	struct esp_object *old;
	struct esp_object *new;
	const struct nlattr *where;
};

/* store.c */
struct esp_object *esp_object_find(struct esp_net *en, enum esp_kind kind,
				   const char *name, u32 number);
struct esp_object *esp_object_from(struct esp_net *en, enum esp_kind kind,
				   const char *name, u32 number);
struct esp_object *esp_object_next(const struct esp_object *o);
int esp_object_replace(struct esp_txn *txn, enum esp_kind kind,
		       struct esp_object *old, struct esp_object *new,
		       const struct nlattr *where);
void esp_objects_undo(struct esp_txn *txn);
void esp_objects_commit(struct esp_txn *txn);
void esp_objects_clear(struct esp_net *en);

#define esp_for_each_object(o, en, kind)				\
	for (o = esp_object_from(en, kind, "", 0); o;			\
	     o = esp_object_next(o))
/* All of one name: the lines of a list, the entries of a map. */
#define esp_for_each_named(o, en, kind, name_)				\
	for (o = esp_object_from(en, kind, name_, 0);			\
	     o && !strcmp(o->name, name_); o = esp_object_next(o))

/**
 * struct esp_stage_key - how a kind of object is named
 * @kind: kind of object
 * @size: of the object
 * @name: attribute of the first part of the key
 * @number: attribute of the second part, 0 if there is none
 * @no_name: message when it is missing
 * @exists: message when it exists already
 * @absent: message when it does not exist
 */
struct esp_stage_key {
	enum esp_kind kind;
	size_t size;
	int name;
	int number;
	const char *no_name;
	const char *exists;
	const char *absent;
};

/* stage.c */
struct esp_object *esp_stage_begin(struct esp_txn *txn, enum vpnha_verb verb,
				   struct nlattr **attrs,
				   const struct esp_stage_key *key,
				   struct esp_object **old);
int esp_stage_finish(struct esp_txn *txn, const struct esp_stage_key *key,
		     struct esp_object *old, struct esp_object *new, int err,
		     const struct nlattr *where);
int esp_txn_tset(struct esp_txn *txn, enum vpnha_verb verb,
		 struct nlattr **attrs);
int esp_txn_acl(struct esp_txn *txn, enum vpnha_verb verb,
		struct nlattr **attrs);
int esp_txn_binding(struct esp_txn *txn, enum vpnha_verb verb,
		    struct nlattr **attrs);

/* stage_map.c */
int esp_txn_map(struct esp_txn *txn, enum vpnha_verb verb,
		struct nlattr **attrs);
int esp_txn_dynamic_map(struct esp_txn *txn, enum vpnha_verb verb,
			struct nlattr **attrs);

/* fit.c */
void esp_fit_note(struct esp_txn *txn, struct esp_sa *sa);
void esp_fit_sync(struct esp_txn *txn);
bool esp_acl_permits(struct esp_net *en, const char *acl,
		     const struct esp_rule *rule);

/* read.c */
int esp_missing(struct netlink_ext_ack *extack, int type, const char *why);
int esp_missing_in(struct netlink_ext_ack *extack, const struct nlattr *nest,
		   int type, const char *why);
int esp_read_addr(const struct nlattr *attr, struct esp_addr *a,
		  struct netlink_ext_ack *extack);
int esp_read_enum(const struct nlattr *attr, u32 max, u32 *value,
		  struct netlink_ext_ack *extack, const char *why);
int esp_read_secret(const struct nlattr *cipher, const struct nlattr *auth,
		    struct esp_secret *secret, struct netlink_ext_ack *extack);
int esp_read_rule(struct nlattr **attrs, int protocol,
		  const struct nlattr *nest, struct esp_rule *rule,
		  struct netlink_ext_ack *extack);
int esp_read_name(const struct nlattr *attr, char *name, size_t size,
		  struct netlink_ext_ack *extack);

/* reverse.c */
int esp_read_reverse(struct esp_txn *txn, struct nlattr **attrs,
		     struct esp_map *map);
int esp_reverse_check(struct esp_txn *txn);

/* stage_sa.c */
int esp_txn_sa(struct esp_txn *txn, enum vpnha_verb verb,
	       struct nlattr **attrs);
int esp_clear(struct esp_txn *txn, struct nlattr **attrs);

/* manual.c */
int esp_manual_sync(struct esp_txn *txn);

/* txn.c */
void esp_txn_begin(struct esp_txn *txn, struct esp_net *en,
		   struct netlink_ext_ack *extack);
int esp_txn_compile(struct esp_txn *txn);
int esp_txn_check(struct esp_txn *txn);
void esp_txn_end(struct esp_txn *txn, int err);
int esp_txn_scratch(struct esp_txn *txn);
int esp_txn_sa_make(struct esp_txn *txn, const struct esp_sa_desc *d,
		    struct esp_entry *entry, const struct nlattr *where);
void esp_txn_sa_doom(struct esp_txn *txn, struct esp_sa *sa);
void esp_txn_sa_forget(struct esp_txn *txn, const char *ifname);

#endif /* _VPNHA_ESP_CONFIG_H */
