// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * demo - two operating systems on one device, a key press apart, and neither
 * lost without power
 *
 * Tells a short story and checks each sentence of it. Exits with 0 only if all
 * of them were true.
 */
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <osti/abi.h>
#include <qemu-virt/board.h>

#include "clock.h"
#include "cloud_steps.h"
#include "fail.h"
#include "phone.h"
#include "shell.h"
#include "steps.h"
#include "store.h"

#define HOT_SWITCHES	20
#define BAR_WIDTH	28

static bool colour, live;
static const char *doing;
static int steps_done;

/* ---- Telling --------------------------------------------------------------- */

static const char *paint(const char *code)
{
	return colour ? code : "";
}

#define BOLD	paint("\033[1m")
#define DIM	paint("\033[2m")
#define GREEN	paint("\033[32m")
#define RED	paint("\033[31m")
#define PLAIN	paint("\033[0m")

/* On a terminal: wipe what begin() said. */
static void wipe(void)
{
	if (live)
		printf("\r\033[K");
}

/* Say what is tried next; on a terminal only, and until it is done. */
static void begin(const char *what)
{
	doing = what;
	if (live) {
		wipe();
		printf("  %s…%s %s", DIM, PLAIN, what);
		fflush(stdout);
	}
}

static void done(const char *fmt, ...)
	__attribute__((format(printf, 1, 2)));

/* A step was verified: say what is true now. */
static void done(const char *fmt, ...)
{
	va_list ap;

	wipe();
	printf("  %s✓%s ", GREEN, PLAIN);
	va_start(ap, fmt);
	vprintf(fmt, ap);
	va_end(ap);
	printf("\n");
	fflush(stdout);
	steps_done++;
}

static void chapter(const char *title)
{
	printf("\n%s%s%s\n", BOLD, title, PLAIN);
	fflush(stdout);
}

static void on_failure(const char *message)
{
	wipe();
	printf("  %s✗%s %s\n", RED, PLAIN, doing ? doing : "start");
	fflush(stdout);
	fprintf(stderr, "%s\n\nThe demo failed after %d verified steps.\n",
		message, steps_done);
	exit(1);
}

/* ---- The phase table -------------------------------------------------------- */

struct span {
	const char *name, *what;
	int from, to;
};

static const struct span spans[] = {
	{ "freeze", "tasks of the old OS stop", OSTI_PHASE_REQUEST,
	  OSTI_PHASE_FROZEN },
	{ "devices", "its devices and CPUs are suspended", OSTI_PHASE_FROZEN,
	  OSTI_PHASE_DEVICES },
	{ "suspend", "its kernel calls the monitor", OSTI_PHASE_DEVICES,
	  OSTI_PHASE_MON_ENTER },
	{ "monitor", "the switch itself", OSTI_PHASE_MON_ENTER,
	  OSTI_PHASE_MON_EXIT },
	{ "resume", "CPUs and devices of the new OS wake", OSTI_PHASE_MON_EXIT,
	  OSTI_PHASE_RESUMED },
	{ "user", "its programs run again", OSTI_PHASE_RESUMED,
	  OSTI_PHASE_USER },
};

#define NR_SPANS ((int)(sizeof(spans) / sizeof(spans[0])))

static int by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return x < y ? -1 : x > y;
}

static double median(double *values, int n)
{
	qsort(values, n, sizeof(*values), by_value);
	return n % 2 ? values[n / 2] :
		(values[n / 2 - 1] + values[n / 2]) / 2;
}

static double phase(const json_t *record, int i)
{
	return json_number_value(json_array_get(json_object_get(record, "times"),
						i));
}

/* A hot switch all phases of which were noted. */
static bool complete(const json_t *record)
{
	const char *kind = json_string_value(json_object_get(record, "kind"));
	int i;

	if (!kind || strcmp(kind, "hot"))
		return false;
	for (i = 0; i < OSTI_PHASES; i++)
		if (phase(record, i) == 0)
			return false;
	return true;
}

static void print_bar(double share)
{
	int full = share * BAR_WIDTH + 0.5, i;

	for (i = 0; i < full; i++)
		printf("█");
}

static void phase_table(struct phone *ph)
{
	double ms[NR_SPANS + 1][OSTI_PHASE_RECORDS], mid[NR_SPANS + 1], ticks;
	json_t *stats = shell_json(ph->dev, "switchctl stats -n 64 --json"), *record;
	int n = 0, i;
	size_t k;

	ticks = json_number_value(json_object_get(stats, "counter_hz")) / 1000;
	if (ticks <= 0)
		device_fail(ph->dev, "\"switchctl stats --json\" has no \"counter_hz\"");
	json_array_foreach(json_object_get(stats, "records"), k, record) {
		if (!complete(record) || n == OSTI_PHASE_RECORDS)
			continue;
		for (i = 0; i < NR_SPANS; i++)
			ms[i][n] = (phase(record, spans[i].to) -
				    phase(record, spans[i].from)) / ticks;
		ms[NR_SPANS][n] = (phase(record, OSTI_PHASE_USER) -
				   phase(record, OSTI_PHASE_REQUEST)) / ticks;
		n++;
	}
	json_decref(stats);
	if (n < HOT_SWITCHES)
		device_fail(ph->dev, "only %d hot switches have all their times, expected at least %d",
			    n, HOT_SWITCHES);
	for (i = 0; i <= NR_SPANS; i++)
		mid[i] = median(ms[i], n);

	wipe();
	printf("  %sphase          ms%s  median of %d switches\n", BOLD, PLAIN, n);
	for (i = 0; i < NR_SPANS; i++) {
		printf("  %-9s %7.2f  %-37s", spans[i].name, mid[i], spans[i].what);
		print_bar(mid[NR_SPANS] ? mid[i] / mid[NR_SPANS] : 0);
		printf("\n");
	}
	printf("  %s%-9s %7.2f%s\n", BOLD, "total", mid[NR_SPANS], PLAIN);
}

/* ---- The story -------------------------------------------------------------- */

static void hot_switches(struct phone *ph, const struct vault *v)
{
	double key[HOT_SWITCHES] = { 0 }, command[HOT_SWITCHES] = { 0 };
	int keys = 0, commands = 0, i, to;

	/* Both ways, in both directions. */
	for (i = 0; i < HOT_SWITCHES; i++) {
		to = ph->at == PERSONAL ? WORK : PERSONAL;
		if (i % 4 == 0 || i % 4 == 3)
			key[keys++] = phone_switch_key(ph, to);
		else
			command[commands++] = phone_switch_command(ph, to);
		if (to == PERSONAL)
			steps_vault_check(ph, v);
	}
	done("%d more switches: %d by key (%.0f ms each), %d by switchctl (%.0f ms each); process %lld still has its secret",
	     HOT_SWITCHES, keys, median(key, keys), commands,
	     median(command, commands), v->pid);
}

static void check_refused(struct phone *ph, const struct attempt *a,
			  long long least_events, const char *way)
{
	if (a->got)
		device_fail(ph->dev, "%lld of %lld attempts by %s gave foreign memory",
			    a->got, a->tried, way);
	/* The SMMU drops events while its queue is full, the CPU none. */
	if (!a->tried || a->refused != a->tried || a->events < least_events)
		device_fail(ph->dev, "of %lld attempts by %s %lld were refused and the monitor counted %lld",
			    a->tried, way, a->refused, a->events);
}

static void check_secret_hidden(struct phone *ph, const struct vault *v)
{
	int there, elsewhere;

	begin("the secret is looked for in the whole memory");
	there = steps_memory_find(ph, phone_slot_address(PERSONAL),
				  phone_slot_size(PERSONAL), v->secret);
	elsewhere = steps_memory_find(ph, BOARD_MONITOR_BASE,
				      BOARD_SLOTS_BASE - BOARD_MONITOR_BASE,
				      v->secret) +
		    steps_memory_find(ph, phone_slot_address(WORK),
				      phone_slot_size(WORK), v->secret);
	if (!there || elsewhere)
		device_fail(ph->dev, "the secret stands %d times in %s's memory and %d times elsewhere, expected some and 0",
			    there, phone_name(PERSONAL), elsewhere);
	done("looked from outside, the secret is in %s's frozen memory and nowhere else",
	     phone_name(PERSONAL));
}

static void attack(struct phone *ph, const struct vault *v)
{
	uint64_t sum = steps_memory_sum(ph, PERSONAL);
	struct attempt a;

	begin("foreign memory is read with the CPU");
	a = steps_cpu_attempt(ph);
	check_refused(ph, &a, a.tried / 2, "CPU");
	done("%s reads %lld addresses outside its memory with the CPU: all refused, and logged",
	     phone_name(WORK), a.tried);
	begin("foreign memory is read and written by DMA");
	a = steps_dma_attempt(ph);
	check_refused(ph, &a, 1, "DMA");
	done("%s tries %lld DMA transfers from and to such addresses with its disk: all refused, and logged",
	     phone_name(WORK), a.tried);
	check_secret_hidden(ph, v);
	begin("the frozen memory is compared");
	if (steps_memory_sum(ph, PERSONAL) != sum)
		device_fail(ph->dev, "the memory of the frozen %s changed",
			    phone_name(PERSONAL));
	done("not one byte of %s's frozen memory changed meanwhile",
	     phone_name(PERSONAL));
}

/* On a terminal: the boot manager's progress, behind what begin() said. */
static void follow_progress(struct phone *ph)
{
	int percent = live ? 0 : 100;

	while (percent < 100) {
		percent = atoi(device_expect(ph->dev, "\\] +([0-9]+) %",
					     PHONE_IMAGE_MS)->group[1]);
		begin(doing);
		printf(", %d %%", percent);
		fflush(stdout);
	}
}

static void wait_stored(struct phone *ph, int slot)
{
	const char *name = phone_name(slot);
	long long kib;

	follow_progress(ph);
	kib = phone_stored(ph, slot);
	done("%s is compressed, encrypted and stored: %lld MiB of memory, %.1f MiB on disk",
	     name, (long long)(phone_slot_size(slot) >> 20), kib / 1024.0);
}

/* All goes to the store; the emulator ends; another one begins with its disks. */
static void without_power(struct phone *ph, const struct vault *v,
			  const struct vault *w)
{
	const char *personal = phone_name(PERSONAL), *work = phone_name(WORK);
	double start, ms;

	begin("\"switchctl poweroff\": the frozen one is stored");
	start = phone_ask(ph, "poweroff");
	wait_stored(ph, WORK);
	begin("\"switchctl poweroff\": the one that asked for it is stored");
	wait_stored(ph, PERSONAL);
	begin("the device switches itself off");
	device_off(ph->dev, PHONE_MENU_MS);
	done("the device is off, %.1f s after \"switchctl poweroff\" in %s",
	     (clock_now_ms() - start) / 1000, personal);

	begin("neither secret is on the disk with the images");
	if (store_find(ph, v->secret) || store_find(ph, w->secret))
		device_fail(ph->dev, "a secret can be read from the store disk");
	done("looked from outside, neither secret is on the disk with the images");

	begin("power on, and nobody presses a key");
	device_removable(ph->dev, true);
	start = clock_now_ms();
	device_power_on(ph->dev);
	ms = phone_resumed(ph, PERSONAL) - start;
	steps_vault_check(ph, v);
	done("a removable disk is put in; power on: the boot menu resumes %s by itself, after %.1f s; same process, same secret",
	     personal, ms / 1000);
	begin("the key is pressed: the other one comes from its image");
	start = phone_key(ph, WORK);
	ms = phone_resumed(ph, WORK) - start;
	steps_vault_check(ph, w);
	done("key Ctrl+Alt+F%d: %s comes from its image in %.1f s, same process, same secret",
	     WORK, work, ms / 1000);
	begin("the key is pressed: the first OS is back");
	ms = phone_switch_key(ph, PERSONAL);
	steps_vault_check(ph, v);
	done("key Ctrl+Alt+F%d: %s is back in %.0f ms, as before", PERSONAL,
	     personal, ms);
}

static void tampered_image(struct phone *ph, const struct vault *v,
			   const struct vault *w)
{
	const char *personal = phone_name(PERSONAL), *work = phone_name(WORK);
	const struct console_match *m;
	struct store_image image;
	char request[64], reason[96];
	uint64_t at;

	begin("\"switchctl hibernate\"");
	snprintf(request, sizeof(request), "hibernate %s", work);
	phone_ask(ph, request);
	wait_stored(ph, WORK);
	phone_back(ph, PERSONAL);
	image = store_newest(ph, WORK);
	at = image.chunks + (image.end - image.chunks) / 2;
	store_flip(ph, at);
	done("somebody flips one bit of the %.1f MiB in the store",
	     (image.end - image.at) / 1048576.0);

	begin("the key is pressed: the image is tried");
	phone_key(ph, WORK);
	m = device_expect(ph->dev, "its image is refused: ([^(\n]*) \\(generation",
			  PHONE_IMAGE_MS);
	snprintf(reason, sizeof(reason), "%s", m->group[1]);
	phone_menu(ph);
	phone_choose(ph, PERSONAL);
	phone_back(ph, PERSONAL);
	steps_vault_check(ph, v);
	done("%s is refused (\"%s\"), and %s goes on, same process, same secret",
	     work, reason, personal);
	begin("the bit is flipped back");
	store_flip(ph, at);
	phone_key(ph, WORK);
	phone_resumed(ph, WORK);
	steps_vault_check(ph, w);
	done("the bit is flipped back, and %s comes from its image, same process, same secret",
	     work);
}

/* The repository is on the removable disk. */
static void push(struct phone *ph, const struct vault *w, const char *note)
{
	const char *personal = phone_name(PERSONAL), *work = phone_name(WORK);
	double start;

	begin("the frozen one is pushed to a repository");
	cloud_run(ph, "repo init");
	start = phone_ask(ph, "push work");
	phone_stored(ph, WORK);
	if (phone_answer(ph, PERSONAL))
		device_fail(ph->dev, "switchctl push work failed");
	done("%s pushes %s to a repository on the removable disk in %.1f s", personal,
	     work, (clock_now_ms() - start) / 1000);
	begin("its secret is looked for where it was carried");
	shell_do(ph->dev, "! grep -r %s /var/lib /media", w->secret);
	shell_do(ph->dev, "! grep -r %s /var/lib /media", note);
	shell_do(ph->dev, "sync");
	done("neither the secret of %s nor its file is anywhere in what %s has of it",
	     work, personal);
}

static void pull(struct phone *ph, const struct cloud_key *key,
		 const struct vault *w, const char *note)
{
	const char *personal = phone_name(PERSONAL), *work = phone_name(WORK);
	double start;

	begin("another device gets the removable disk, and the recovery key");
	device_cut_power(ph->dev);
	cloud_other_device(ph, key);
	done("another device gets the removable disk and nothing else; the recovery key of %s is typed at its boot menu",
	     work);
	begin("it is pulled, and a person agrees");
	phone_boot(ph, PERSONAL);
	start = clock_now_ms();
	cloud_bring_in(ph, "pull work");
	done("%s pulls %s, a person agrees at the console: frozen here after %.1f s",
	     personal, work, (clock_now_ms() - start) / 1000);
	begin("the key is pressed: it goes on");
	start = phone_key(ph, WORK);
	phone_back(ph, WORK);
	steps_vault_check(ph, w);
	steps_file_check(ph, "note", note);
	cloud_check_disk(ph);
	done("key Ctrl+Alt+F%d: %s goes on, on another device: same process, same secret, same file on a sound disk",
	     WORK, work);
}

static void carried(struct phone *ph, const struct vault *w)
{
	struct cloud_key key;
	char note[SECRET_LEN + 1];

	begin("the recovery key is read in its own OS");
	steps_secret(note);
	steps_file_write(ph, "note", note);
	cloud_read_key(ph, &key);
	phone_switch_key(ph, PERSONAL);
	done("%s shows its recovery key, %d rows, and is frozen again",
	     phone_name(WORK), key.nr);
	push(ph, w, note);
	pull(ph, &key, w, note);
}

static void story(struct phone *ph)
{
	const char *personal = phone_name(PERSONAL), *work = phone_name(WORK);
	char note[SECRET_LEN + 1], *state;
	struct vault v, w;
	double start, ms;

	chapter("Two systems on one device");
	start = clock_now_ms();
	begin("the first OS boots");
	ms = phone_boot(ph, PERSONAL) - start;
	done("%s boots from the menu in %.1f s", personal, ms / 1000);
	begin("a process and a file are made");
	steps_vault_start(ph, &v);
	steps_secret(note);
	steps_file_write(ph, "note", note);
	done("process %lld in %s keeps a secret in RAM; a file is on its disk",
	     v.pid, personal);
	begin("the key is pressed: the second OS boots");
	start = phone_key(ph, WORK);
	ms = phone_up(ph, WORK) - start;
	state = phone_slot_state(ph, PERSONAL);
	if (strcmp(state, "frozen"))
		device_fail(ph->dev, "%s is \"%s\", expected \"frozen\"",
			    personal, state);
	free(state);
	done("key Ctrl+Alt+F%d: %s boots cold in %.1f s, %s is frozen", WORK,
	     work, ms / 1000, personal);

	chapter("A key press apart");
	begin("the key is pressed: the first OS is back");
	ms = phone_switch_key(ph, PERSONAL);
	steps_vault_check(ph, &v);
	steps_file_check(ph, "note", note);
	done("key Ctrl+Alt+F%d: %s is back in %.0f ms, same process, same secret, same file",
	     PERSONAL, personal, ms);
	begin("20 more switches");
	hot_switches(ph, &v);

	chapter("Each protected from the other");
	begin("the key is pressed: the second OS is back");
	phone_switch_key(ph, WORK);
	attack(ph, &v);

	chapter("One ends, the other lives");
	begin("the second OS powers off");
	shell_begin(ph->dev, "poweroff");
	phone_menu(ph);
	done("%s powers off: the boot menu comes up", work);
	begin("the first OS is resumed from the menu");
	phone_choose(ph, PERSONAL);
	phone_back(ph, PERSONAL);
	steps_vault_check(ph, &v);
	steps_file_check(ph, "note", note);
	state = phone_slot_state(ph, WORK);
	if (strcmp(state, "empty"))
		device_fail(ph->dev, "%s is \"%s\", expected \"empty\"", work,
			    state);
	free(state);
	done("%s goes on from there, with its process, secret and file; %s is empty",
	     personal, work);

	chapter("Where the time goes");
	begin("times are read");
	phase_table(ph);

	chapter("Without power");
	begin("the second OS boots again");
	phone_key(ph, WORK);
	phone_up(ph, WORK);
	steps_vault_start(ph, &w);
	phone_switch_key(ph, PERSONAL);
	done("%s runs again: process %lld in it keeps a secret, too", work,
	     w.pid);
	without_power(ph, &v, &w);

	chapter("An image that somebody changed");
	tampered_image(ph, &v, &w);

	chapter("Carried to another device");
	carried(ph, &w);
}

int main(void)
{
	const struct device_options opt = {
		.name = "demo", .files = steps_files(),
	};
	double start = clock_now_ms();
	struct phone *ph;

	live = isatty(STDOUT_FILENO);
	colour = live && !getenv("NO_COLOR");
	test_fail_handler(on_failure);

	chapter("Power on");
	begin("the boot menu comes up");
	ph = phone_start(&opt);
	done("the boot menu is there after %.1f s",
	     (clock_now_ms() - start) / 1000);
	story(ph);
	phone_stop(ph);
	printf("\n%d steps, all verified, in %.0f s.\n", steps_done,
	       (clock_now_ms() - start) / 1000);
	return 0;
}
