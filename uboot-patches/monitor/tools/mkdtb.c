// SPDX-License-Identifier: GPL-2.0-only
/*
 * mkdtb.c - the template of a slot's device tree, of the board's device tree
 *
 * Usage: mkdtb TREE OUTPUT
 *
 * Runs on the build machine. TREE is the boot manager's device tree (DTB).
 * OUTPUT defines dtb_template of include/dtb.h: the tree without what is
 * U-Boot's own, with properties as long as a start may need them, and where they
 * and the CPUs' nodes lie.
 */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <libfdt.h>

#include <osti/abi.h>
#include <osti/start.h>

/* As DTB_MAX, DTB_KASLR_SEED and DTB_RNG_SEED of the monitor's dtb.h */
#define TREE_MAX	0x10000
#define KASLR_SEED	8
#define RNG_SEED	32

static const struct {
	const char *member;	/* of struct dtb_template */
	const char *node;
	const char *property;
	int bytes;
} properties[] = {
	{ "memory", "/memory", "reg", 16 },
	{ "slot", "/firmware/osti", "osti,slot", 4 },
	{ "name", "/firmware/osti", "osti,slot-name", OSTI_NAME_LEN + 1 },
	{ "bootargs", "/chosen", "bootargs", OSTI_START_CMDLINE },
	{ "initrd_start", "/chosen", "linux,initrd-start", 8 },
	{ "initrd_end", "/chosen", "linux,initrd-end", 8 },
	{ "kaslr_seed", "/chosen", "kaslr-seed", KASLR_SEED },
	{ "rng_seed", "/chosen", "rng-seed", RNG_SEED },
};

#define NR_PROPERTIES	(sizeof(properties) / sizeof(properties[0]))

static char file[TREE_MAX], tree[TREE_MAX];
static const char *path;

static void die(const char *what, const char *detail)
{
	fprintf(stderr, "mkdtb: %s: %s%s\n", path, what, detail);
	exit(1);
}

/* A result of libfdt that is an offset, 0 or an error. */
static int check(int ret, const char *what)
{
	if (ret < 0) {
		fprintf(stderr, "mkdtb: %s: %s: %s\n", path, what,
			fdt_strerror(ret));
		exit(1);
	}
	return ret;
}

static void read_tree(void)
{
	FILE *f = fopen(path, "rb");
	size_t bytes;

	if (!f)
		die("cannot be opened", "");
	bytes = fread(file, 1, sizeof(file), f);
	fclose(f);
	if (bytes < sizeof(struct fdt_header) ||
	    fdt_check_full(file, bytes))
		die("is no device tree", "");
	check(fdt_open_into(file, tree, sizeof(tree)), "cannot be unpacked");
}

/* The boot manager's device tree has marks for U-Boot alone. */
static void remove_own(void)
{
	int node, ret;

	for (node = 0; node >= 0; node = fdt_next_node(tree, node, NULL)) {
		ret = fdt_delprop(tree, node, "u-boot,dm-pre-reloc");
		if (ret != -FDT_ERR_NOTFOUND)
			check(ret, "u-boot,dm-pre-reloc");
	}
	if (node != -FDT_ERR_NOTFOUND)
		check(node, "cannot be walked");
}

static void add_properties(void)
{
	void *value;
	size_t i;

	for (i = 0; i < NR_PROPERTIES; i++) {
		int node = check(fdt_path_offset(tree, properties[i].node),
				 properties[i].node);

		check(fdt_setprop_placeholder(tree, node,
					      properties[i].property,
					      properties[i].bytes, &value),
		      properties[i].property);
		memset(value, 0, properties[i].bytes);
	}
	check(fdt_pack(tree), "cannot be packed");
	if (fdt_address_cells(tree, 0) != 2 || fdt_size_cells(tree, 0) != 2)
		die("addresses and sizes must have two cells", "");
}

/* The place of a property goes from its token to the end of its padding. */
static void put_property(FILE *f, size_t i)
{
	int node = check(fdt_path_offset(tree, properties[i].node), "node");
	int len;
	const struct fdt_property *prop =
		fdt_get_property(tree, node, properties[i].property, &len);

	if (!prop)
		die("has lost a property: ", properties[i].property);
	fprintf(f, "\t.%s = { %zu, %zu },\n", properties[i].member,
		(size_t)((const char *)prop - tree),
		sizeof(*prop) + (len + 3U) / 4 * 4);
}

/* The place of a node goes from FDT_BEGIN_NODE to behind its FDT_END_NODE. */
static int node_end(int node)
{
	int depth = 0, at = node;

	do {
		int next;

		switch (fdt_next_tag(tree, at, &next)) {
		case FDT_BEGIN_NODE:
			depth++;
			break;
		case FDT_END_NODE:
			depth--;
			break;
		case FDT_END:
			die("a node does not end", "");
		default:
			break;
		}
		at = check(next, "cannot be walked");
	} while (depth);
	return at;
}

static void put_cpus(FILE *f)
{
	int parent = check(fdt_path_offset(tree, "/cpus"), "/cpus");
	int node, nr = 0;

	fputs("\t.cpu = {\n", f);
	fdt_for_each_subnode(node, tree, parent) {
		const char *type = fdt_getprop(tree, node, "device_type", NULL);

		if (!type || strcmp(type, "cpu"))
			continue;
		if (nr++ == OSTI_MAX_CPUS)
			die("has more CPUs than the monitor", "");
		fprintf(f, "\t\t{ %d, %d },\n", fdt_off_dt_struct(tree) + node,
			node_end(node) - node);
	}
	if (!nr)
		die("has no CPU", "");
	fputs("\t},\n", f);
}

static void put_blob(FILE *f)
{
	uint32_t i;

	fputs("static const uint8_t blob[] = {", f);
	for (i = 0; i < fdt_totalsize(tree); i++)
		fprintf(f, "%s0x%02x,", i % 12 ? " " : "\n\t",
			(unsigned char)tree[i]);
	fputs("\n};\n\n", f);
}

int main(int argc, char **argv)
{
	size_t i;
	FILE *f;

	if (argc != 3) {
		fputs("usage: mkdtb TREE OUTPUT\n", stderr);
		return 2;
	}
	path = argv[1];
	read_tree();
	remove_own();
	add_properties();

	f = fopen(argv[2], "w");
	if (!f) {
		path = argv[2];
		die("cannot be written", "");
	}
	fputs("/* Made by tools/mkdtb.c */\n#include \"dtb.h\"\n\n", f);
	put_blob(f);
	fputs("const struct dtb_template dtb_template = {\n"
	      "\t.blob = blob,\n\t.bytes = sizeof(blob),\n", f);
	put_cpus(f);
	for (i = 0; i < NR_PROPERTIES; i++)
		put_property(f, i);
	fputs("};\n", f);
	if (fclose(f)) {
		path = argv[2];
		die("cannot be written", "");
	}
	return 0;
}
