// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * osti-image reads what a courier wrote: from a directory, with the slot's
 * recovery key.
 */
#include "tool.h"
#include "world.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "image_header.h"
#include "recovery_key.h"
#include "repo_disk.h"

#define SIZE	(4 * MIB)

/* A slot with two backups, and another whose key nobody here has. */
struct scene {
	struct world w;
	char first[REPO_NAME];
	char second[REPO_NAME];
	uint8_t *old;		/* memory of the first */
	char pack[STORE_KEY_MAX + 1];	/* key of one of its packs */
};

static const char other_slot[] = "0123456789abcdef0123456789abcdef";

static void put_other(struct scene *s, const char *folder, const char *name,
		      size_t bytes)
{
	char key[STORE_KEY_MAX + 1];
	uint8_t *body = calloc(1, bytes);

	assert_non_null(body);
	snprintf(key, sizeof(key), "%s/%s/%s", other_slot, folder, name);
	cloud_put(&s->w.cloud, key, body, bytes);
	free(body);
}

static void backup(struct scene *s, char name[REPO_NAME])
{
	struct courier c;

	courier_begin(&c, &s->w, 1);
	courier_good_backup(&c);
	strcpy(name, c.result.name);
	courier_end(&c);
}

/* The cloud as it is now, as the directory "repo". */
static void export(struct scene *s)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s", path("repo"));
	assert_int_equal(system(command), 0);
	cloud_export(&s->w.cloud, path("repo"));
}

static void begin(struct scene *s)
{
	char text[RECOVERY_KEY_TEXT];
	struct fake_object *o;

	memset(s, 0, sizeof(*s));
	world_begin(&s->w, SIZE);
	s->w.f.record.kind = OSTI_IMAGE_COPY;
	backup(s, s->first);
	assert_true(cloud_count(&s->w.cloud, "/packs/", &o) > 0);
	strcpy(s->pack, o->key);
	s->old = malloc(SIZE);
	assert_non_null(s->old);
	memcpy(s->old, s->w.f.ram, SIZE);
	world_pass(&s->w, 60);
	world_change(&s->w, 7);
	backup(s, s->second);
	put_other(s, "packs",
		  "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff",
		  5000);
	put_other(s, "backups", "0000000065000000-0011223344556677", 700);
	put_other(s, "backups", "0000000065000000-0011223344556677.1", 70);
	put_other(s, "backups", "readme", 3);
	recovery_key_encode(s->w.slot_key, text);
	write_file("recovery", text, strlen(text));
	export(s);
}

static void end(struct scene *s)
{
	char command[256];

	snprintf(command, sizeof(command), "rm -rf %s", path("repo"));
	assert_int_equal(system(command), 0);
	free(s->old);
	world_end(&s->w);
}

static int list(void)
{
	return run("list --key-file %s %s", path("recovery"), path("repo"));
}

static int verify(const char *name)
{
	return run("verify --key-file %s %s %s", path("recovery"),
		   path("repo"), name);
}

static int fetch(const char *name)
{
	return run("fetch --key-file %s --out %s %s %s", path("recovery"),
		   path("made"), path("repo"), name);
}

static void lists_slots(void **state)
{
	struct scene s;
	char text[128];

	(void)state;
	begin(&s);
	assert_int_equal(run("list %s", path("repo")), 0);
	expect("repository       61207265706f7369746f727900000000\n");
	snprintf(text, sizeof(text),
		 "slots            %s 1 backups, 1 packs, 5773 bytes\n",
		 other_slot);
	expect(text);
	expect(" 2 backups, ");
	/* What is sealed. */
	assert_null(strstr(output, "device"));
	assert_null(strstr(output, s.first));
	assert_int_equal(run("list --json %s", path("repo")), 0);
	expect("\"bytes\": 5773");
	assert_null(strstr(output, "\"label\""));
	end(&s);
}

static void lists_backups(void **state)
{
	size_t packs;
	struct scene s;
	char text[256];

	(void)state;
	begin(&s);
	packs = cloud_count(&s.w.cloud, "/packs/", NULL) - 1;
	assert_int_equal(list(), 0);
	snprintf(text, sizeof(text), "backups          %s 20", s.first);
	expect(text);
	snprintf(text, sizeof(text), "backups          %s 20", s.second);
	expect(text);
	expect(" UTC, backup, ");
	expect(", device first, host host\n");
	snprintf(text, sizeof(text), " 2 backups, %zu packs, ", packs);
	expect(text);
	assert_null(strstr(output, "damage"));
	assert_int_equal(run("list --json --key-file %s %s", path("recovery"),
			     path("repo")), 0);
	snprintf(text, sizeof(text), "\"id\": \"%s\"", s.second);
	expect(text);
	expect("\"label\": \"first\"");
	expect("\"host\": \"host\"");
	expect("\"lacking\": 0");
	expect("\"kind\": \"backup\"");
	expect("\"device\": \"01010101010101010101010101010101\"");
	end(&s);
}

/* From repository to memory, by what a person has on a PC. */
static void expect_fetched(const char *name, const uint8_t *ram)
{
	uint8_t *got = malloc(SIZE + 1);

	assert_non_null(got);
	assert_int_equal(fetch(name), 0);
	expect("kind             copy\n");
	expect("authentic        yes\n");
	assert_int_equal(run("verify --key-file %s %s", path("recovery"),
			     path("made")), 0);
	assert_int_equal(run("unpack --key-file %s --out %s %s",
			     path("recovery"), path("out"), path("made")), 0);
	assert_int_equal(read_file("out", got, SIZE + 1), SIZE);
	assert_memory_equal(got, ram, SIZE);
	free(got);
}

static void fetches(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	expect_fetched(s.first, s.old);
	expect_fetched(s.second, s.w.f.ram);
	assert_int_equal(verify(s.first), 0);
	expect("kind             copy\n");
	expect("authentic        yes\n");
	end(&s);
}

/* All metadata in parts: they are put together. */
static void fetches_parts(void **state)
{
	struct courier c;
	struct scene s;

	(void)state;
	begin(&s);
	world_pass(&s.w, 60);
	world_change(&s.w, 9);
	courier_begin(&c, &s.w, 2);
	c.upload.piece = 1000;
	courier_good_backup(&c);
	export(&s);
	assert_int_equal(list(), 0);
	expect(" 3 backups, ");
	expect(", device second, ");
	expect_fetched(c.result.name, s.w.f.ram);
	courier_end(&c);
	end(&s);
}

/* The disk is written to a file, or compared only. */
static void fetches_disk(void **state)
{
	struct courier c;
	struct scene s;
	char text[64];
	uint8_t *got;

	(void)state;
	begin(&s);
	world_disk(&s.w, 5 * REPO_BLOCK + REPO_DISK_UNIT);
	courier_begin(&c, &s.w, 1);
	world_pass(&s.w, 60);
	courier_good_backup(&c);
	export(&s);
	assert_int_equal(list(), 0);
	snprintf(text, sizeof(text), "disk of %llu bytes, ",
		 (unsigned long long)s.w.disk.size);
	expect(text);
	assert_int_equal(run("fetch --key-file %s --out %s --disk %s %s %s",
			     path("recovery"), path("made"), path("disk"),
			     path("repo"), c.result.name), 0);
	expect("attachment       1 1314816 ");
	got = malloc(s.w.disk.size + 1);
	assert_non_null(got);
	assert_int_equal(read_file("disk", got, s.w.disk.size + 1),
			 s.w.disk.size);
	assert_memory_equal(got, s.w.disk.bytes, s.w.disk.size);
	free(got);
	assert_int_equal(run("fetch --key-file %s --out %s --disk %s %s %s",
			     path("recovery"), path("made"), path("disk"),
			     path("repo"), s.first), 3);
	expect("has no disk");
	assert_int_equal(unlink(path("disk")), 0);
	assert_int_equal(verify(c.result.name), 0);
	courier_end(&c);
	end(&s);
}

/* The key of the device that made it does as well, if it is told the slot. */
static void root_key(void **state)
{
	struct scene s;
	char name[OSTI_NAME_LEN + 1] = "";

	(void)state;
	begin(&s);
	memcpy(name, s.w.f.identity.name, OSTI_NAME_LEN);
	write_file("bad", s.w.f.root, sizeof(s.w.f.root));
	assert_int_equal(run("verify --key-file %s --name '%s' %s %s",
			     path("bad"), name, path("repo"), s.first), 0);
	expect("authentic        yes\n");
	assert_int_equal(run("verify --key-file %s %s %s", path("bad"),
			     path("repo"), s.first), 2);
	expect("needs --name");
	assert_int_equal(run("verify --key-file %s --name other %s %s",
			     path("bad"), path("repo"), s.first), 3);
	expect("there is no backup");
	end(&s);
}

static void other_key(void **state)
{
	uint8_t key[OSTI_IMAGE_HASH] = { 9 };
	char text[RECOVERY_KEY_TEXT];
	struct scene s;

	(void)state;
	begin(&s);
	recovery_key_encode(key, text);
	write_file("recovery", text, strlen(text));
	assert_int_equal(list(), 0);
	expect(other_slot);
	assert_null(strstr(output, "\nbackups "));
	assert_int_equal(verify(s.first), 3);
	expect("there is no backup");
	text[20] = text[20] == 'A' ? 'B' : 'A';
	write_file("recovery", text, strlen(text));
	assert_int_equal(list(), 3);
	expect("row 2: wrong check digit");
	end(&s);
}

/* Alter a byte of the last object whose key has that in it. */
static struct fake_object *spoil(struct scene *s, const char *part, size_t at)
{
	struct fake_object *o;

	assert_true(cloud_count(&s->w.cloud, part, &o) > 0);
	assert_true(at < o->bytes);
	o->body[at] ^= 1;
	return o;
}

/* Nothing of a fetch that failed is left, and nothing old is lost. */
static void expect_no_fetch(const char *name, const char *why)
{
	uint8_t kept[16];

	assert_int_equal(verify(name), 1);
	expect(why);
	write_file("made", "old", 3);
	assert_int_equal(fetch(name), 1);
	expect(why);
	assert_int_equal(read_file("made", kept, sizeof(kept)), 3);
	assert_memory_equal(kept, "old", 3);
}

static void altered_pack(void **state)
{
	struct fake_object *o;
	struct scene s;
	size_t i;

	(void)state;
	begin(&s);
	for (i = 0; i < s.w.cloud.nr; i++) {
		o = &s.w.cloud.objects[i];
		if (strstr(o->key, "/packs/") && !strstr(o->key, other_slot))
			o->body[100] ^= 1;
	}
	export(&s);
	expect_no_fetch(s.first, "(chunk-tag)");
	expect("was altered; nothing of it was used");
	/* A list looks at sizes only. */
	assert_int_equal(list(), 0);
	assert_int_equal(run("verify --json --key-file %s %s %s",
			     path("recovery"), path("repo"), s.first), 1);
	expect("\"code\": \"chunk-tag\"");
	end(&s);
}

static void lost_packs(void **state)
{
	struct fake_object *o;
	struct scene s;

	(void)state;
	begin(&s);
	o = cloud_find(&s.w.cloud, s.pack);
	assert_non_null(o);
	o->bytes /= 2;
	export(&s);
	assert_int_equal(list(), 1);
	expect(" lacks 1 of what it needs\n");
	expect(s.first);
	expect(s.second);
	expect_no_fetch(s.first, "is truncated");
	cloud_delete(&s.w.cloud, s.pack);
	export(&s);
	assert_int_equal(list(), 1);
	expect(" lacks 1 of what it needs\n");
	expect_no_fetch(s.first, "is missing");
	expect(s.pack);
	end(&s);
}

static void damaged_metadata(void **state)
{
	struct fake_object *a, *b;
	struct scene s;
	uint8_t *body;

	(void)state;
	begin(&s);
	spoil(&s, s.second, 200);
	export(&s);
	assert_int_equal(list(), 1);
	expect("\ndamage           ");
	expect(s.second);
	/* The other one is whole, and is listed. */
	expect(", device first, host host\n");
	expect_no_fetch(s.second, s.second);
	assert_int_equal(verify(s.first), 0);
	assert_int_equal(run("list --json --key-file %s %s", path("recovery"),
			     path("repo")), 1);
	expect("\"damage\": ");
	spoil(&s, s.second, 200);
	/* Two that were swapped. */
	assert_int_equal(cloud_count(&s.w.cloud, s.first, &a), 1);
	assert_int_equal(cloud_count(&s.w.cloud, s.second, &b), 1);
	body = a->body;
	a->body = b->body;
	b->body = body;
	export(&s);
	assert_int_equal(list(), 1);
	expect_no_fetch(s.first, s.first);
	end(&s);
}

/* Names that would play with a terminal. */
static void hostile_names(void **state)
{
	struct courier c;
	struct scene s;

	(void)state;
	begin(&s);
	world_pass(&s.w, 60);
	courier_begin(&c, &s.w, 1);
	c.upload.label = "gr\303\274n \302\23331m";
	c.upload.host = "\2332J";
	courier_good_backup(&c);
	courier_end(&c);
	export(&s);
	assert_int_equal(list(), 0);
	expect("device gr\xc3\xbcn ??31m, host ?2J\n");
	assert_int_equal(run("list --json --key-file %s %s", path("recovery"),
			     path("repo")), 0);
	expect("\"host\": null");
	end(&s);
}

/* By who has the carrier key, and so seals metadata, but no slot key. */
static void forged_image(void **state)
{
	char name[REPO_NAME];
	struct scene s;

	(void)state;
	begin(&s);
	s.w.f.frame.header[0] ^= 1;
	world_pass(&s.w, 60);
	world_change(&s.w, 11);
	backup(&s, name);
	export(&s);
	assert_int_equal(list(), 0);
	expect(name);
	expect_no_fetch(name, "(tag)");
	end(&s);
}

static void no_repository(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	spoil(&s, REPO_CONFIG_PATH, 20);
	export(&s);
	assert_int_equal(list(), 1);
	expect(REPO_CONFIG_PATH);
	cloud_delete(&s.w.cloud, REPO_CONFIG_PATH);
	export(&s);
	assert_int_equal(run("list %s", path("repo")), 3);
	expect("there is no repository");
	assert_int_equal(run("list %s", path("none")), 3);
	expect("cannot open");
	assert_int_equal(run("list s3://bucket/prefix"), 3);
	expect("copy it to a directory first");
	end(&s);
}

static void wrong_usage(void **state)
{
	static const char * const lines[] = {
		"list", "list a b", "list --out o a", "list --threads 2 a",
		"fetch a b", "fetch --key-file k a b", "fetch --out o a b",
		"fetch --key-file k --out o a",
		"fetch --key-file k --out o --offset 0 a b", "verify a b",
		"verify --offset 0 --key-file k a b",
		"verify --name n --key-file k a", "verify --key-file k a b c",
		"inspect a b",
	};
	unsigned int i;

	(void)state;
	for (i = 0; i < ARRAY_SIZE(lines); i++) {
		assert_int_equal(run("%s", lines[i]), 2);
		assert_true(strlen(output) > 10);
	}
}

/* What is no name of a backup never becomes part of a path. */
static void names(void **state)
{
	struct scene s;

	(void)state;
	begin(&s);
	assert_int_equal(verify("../../key"), 3);
	expect("is not the name of a backup");
	assert_int_equal(verify("0000000065000000-0011223344556677"), 3);
	expect("there is no backup");
	end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lists_slots),
		cmocka_unit_test(lists_backups),
		cmocka_unit_test(fetches),
		cmocka_unit_test(fetches_parts),
		cmocka_unit_test(fetches_disk),
		cmocka_unit_test(root_key),
		cmocka_unit_test(other_key),
		cmocka_unit_test(altered_pack),
		cmocka_unit_test(lost_packs),
		cmocka_unit_test(damaged_metadata),
		cmocka_unit_test(hostile_names),
		cmocka_unit_test(forged_image),
		cmocka_unit_test(no_repository),
		cmocka_unit_test(wrong_usage),
		cmocka_unit_test(names),
	};

	return cmocka_run_group_tests(tests, tool_setup, tool_teardown);
}
