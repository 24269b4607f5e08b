// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * An OS lives in one place: push and pull between devices.
 */
#include "world.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#define SIZE	(2 * MIB)

static struct world w;
static struct courier a, b;

static int setup(void **state)
{
	(void)state;
	world_begin(&w, SIZE);
	courier_begin(&a, &w, 1);
	courier_begin(&b, &w, 2);
	return 0;
}

static int teardown(void **state)
{
	(void)state;
	courier_end(&b);
	courier_end(&a);
	world_end(&w);
	return 0;
}

static void there_and_back(void **state)
{
	struct repo_holder h;
	unsigned int i;

	(void)state;
	for (i = 0; i < 3; i++) {
		world_change(&w, 40 + i);
		assert_int_equal(courier_push(&a, false), BACKUP_OK);
		assert_int_equal(courier_pull(&b, false, w.f.ram), BACKUP_OK);
		assert_int_equal(courier_push(&a, false), BACKUP_E_HELD);
		assert_non_null(strstr(a.fault.message, "second"));
		assert_int_equal(courier_pull(&a, false, NULL), BACKUP_E_HELD);
		world_pass(&w, 60);
		world_change(&w, 50 + i);
		assert_int_equal(courier_push(&b, false), BACKUP_OK);
		assert_int_equal(courier_pull(&a, false, w.f.ram), BACKUP_OK);
		world_pass(&w, 60);
	}
	assert_int_equal(holder_read(&a.repo, &h, &a.fault), BACKUP_OK);
	assert_int_equal(h.number, 12);
	assert_int_equal(h.state, REPO_HELD);
	assert_string_equal(h.label, "first");
}

static void never_pushed(void **state)
{
	struct repo_holder h;

	(void)state;
	assert_int_equal(holder_read(&a.repo, &h, &a.fault), BACKUP_OK);
	assert_int_equal(h.number, 0);
	courier_good_backup(&a);
	assert_int_equal(courier_pull(&b, false, NULL), BACKUP_E_UNKNOWN);
}

static void another_device_is_in_the_cloud(void **state)
{
	(void)state;
	assert_int_equal(courier_push(&a, false), BACKUP_OK);
	world_pass(&w, 60);
	/* What the second one has is something else. */
	assert_int_equal(courier_push(&b, false), BACKUP_E_HELD);
	assert_int_equal(courier_push(&b, true), BACKUP_OK);
	assert_int_equal(courier_pull(&a, false, w.f.ram), BACKUP_OK);
}

static void a_lost_device(void **state)
{
	(void)state;
	assert_int_equal(courier_push(&a, false), BACKUP_OK);
	assert_int_equal(courier_pull(&b, false, w.f.ram), BACKUP_OK);
	assert_int_equal(courier_pull(&a, false, NULL), BACKUP_E_HELD);
	assert_int_equal(courier_pull(&a, true, w.f.ram), BACKUP_OK);
	assert_int_equal(courier_push(&b, false), BACKUP_E_HELD);
}

static void pull_again(void **state)
{
	struct pull_result result;
	struct model_sink m;

	(void)state;
	assert_int_equal(courier_push(&a, false), BACKUP_OK);
	/* The person switches away in the middle. */
	model_sink_begin(&m, &w.f);
	m.fail_at = 3;
	m.error = -ESTALE;
	assert_int_equal(pull_run(&b.repo, b.upload.device, "second", 1, false,
				  &m.sink, &(struct download_options){ 0 },
				  &result, &b.fault), BACKUP_E_INTERRUPTED);
	assert_true(m.aborted && !m.committed);
	assert_false(result.again);
	model_sink_end(&m);
	assert_int_equal(pull_claim(&b.repo, b.upload.device, "second", 1,
				    false, &result, &b.fault), BACKUP_OK);
	assert_true(result.again);
	assert_int_equal(courier_pull(&b, false, w.f.ram), BACKUP_OK);
}

/* The monitor fails when it shall give the local copy up. */
static void push_that_cannot_end(void **state)
{
	struct model_source m;
	struct repo_holder h;

	(void)state;
	model_source_begin(&m, &w.f);
	m.commit_error = -EIO;
	assert_int_equal(push_run(&a.repo, &m.source, &a.upload, false,
				  &a.result, &a.fault), BACKUP_E_SOURCE);
	assert_true(m.aborted);
	assert_non_null(strstr(a.fault.message, a.result.name));
	model_source_end(&m);
	assert_int_equal(holder_read(&b.repo, &h, &b.fault), BACKUP_OK);
	assert_int_equal(h.state, REPO_IN_CLOUD);
	assert_int_equal(courier_pull(&b, false, w.f.ram), BACKUP_OK);
}

static void a_store_that_cannot_decide(void **state)
{
	static const uint8_t id[REPO_CONFIG_ID] = "other";
	struct repo_config config;
	struct store *store;

	(void)state;
	assert_true(a.repo.config.flags & REPO_CONDITIONAL);
	courier_end(&a);
	cloud_free(&w.cloud);
	cloud_init(&w.cloud);
	w.cloud.unconditional = true;
	store = fake_open(&w.cloud);
	assert_int_equal(repository_init(store, id, &config, &b.fault),
			 BACKUP_OK);
	assert_int_equal(config.flags, 0);
	assert_null(cloud_find(&w.cloud, "osti-probe"));
	store_close(store);
	courier_begin(&a, &w, 1);
	assert_int_equal(courier_push(&a, false), BACKUP_E_FORM);
	/* The backup of it stays one, and backups need no conditions. */
	assert_int_equal(world_check(&w), 1);
	courier_good_backup(&a);
	assert_int_equal(courier_push(&a, true), BACKUP_OK);
	courier_end(&b);
	courier_begin(&b, &w, 2);
	assert_int_equal(courier_pull(&b, false, NULL), BACKUP_E_FORM);
	assert_int_equal(courier_pull(&b, true, w.f.ram), BACKUP_OK);
}

static void damaged_record_is_named(void **state)
{
	struct fake_object *o;

	(void)state;
	assert_int_equal(courier_push(&a, false), BACKUP_OK);
	assert_int_equal(cloud_count(&w.cloud, "/holder/", &o), 1);
	o->body[o->bytes / 2] ^= 4;
	assert_int_equal(courier_pull(&b, false, NULL), BACKUP_E_DAMAGED);
	assert_non_null(strstr(b.fault.message, o->key));
	assert_int_equal(courier_push(&a, false), BACKUP_E_DAMAGED);
	assert_int_equal(forget_run(&a.repo, a.result.name, &a.fault),
			 BACKUP_E_DAMAGED);
	assert_int_equal(world_check(&w), 1);
}

/* An older record under a newer number does not open. */
static void records_cannot_be_moved(void **state)
{
	struct fake_object *o;
	char path[REPO_PATH];

	(void)state;
	assert_int_equal(courier_push(&a, false), BACKUP_OK);
	assert_int_equal(courier_pull(&b, false, w.f.ram), BACKUP_OK);
	repo_path_holder(w.slot, 1, path);
	o = cloud_find(&w.cloud, path);
	assert_non_null(o);
	repo_path_holder(w.slot, 3, path);
	{
		uint8_t *body = malloc(o->bytes);
		size_t bytes = o->bytes;

		assert_non_null(body);
		memcpy(body, o->body, bytes);
		cloud_put(&w.cloud, path, body, bytes);
		free(body);
	}
	assert_int_equal(courier_pull(&a, false, NULL), BACKUP_E_DAMAGED);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
#define T(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
		T(there_and_back),
		T(never_pushed),
		T(another_device_is_in_the_cloud),
		T(a_lost_device),
		T(pull_again),
		T(push_that_cannot_end),
		T(a_store_that_cannot_decide),
		T(damaged_record_is_named),
		T(records_cannot_be_moved),
#undef T
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
