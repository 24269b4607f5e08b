// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * stats_svg.c - the phases of switches as a picture
 */
#include "ctl/stats_svg.h"

#include <inttypes.h>

/* Lengths are in pixels, as SVG's user units are by default. */
#define WIDTH 760
#define LEFT 110
#define PLOT 540
#define HEAD 64 /* title, and what colour is which phase */
#define ROW 20
#define BAR 13
#define FOOT 44 /* the axis */
#define MOST_TICKS 8

/*
 * Of Okabe and Ito, "Color Universal Design" (2008): told apart also by those who
 * do not see red or green.
 */
static const char *const colours[STATS_PHASES] = {
	"#0072b2", "#56b4e9", "#009e73", "#d55e00", "#e69f00", "#cc79a7",
};

static double measured(const struct stats_row *row)
{
	double sum = 0;
	size_t i;

	for (i = 0; i < STATS_PHASES; i++)
		if (row->phase[i] > 0)
			sum += row->phase[i];
	return sum;
}

static double longest(const struct stats_svg_bar *bars, size_t n,
		      const struct stats_row *median)
{
	double max = measured(median);
	size_t i;

	for (i = 0; i < n; i++)
		if (measured(&bars[i].row) > max)
			max = measured(&bars[i].row);
	return max > 0 ? max : 1;
}

static void print_text(FILE *out, double x, double y, const char *anchor,
		       const char *text)
{
	fprintf(out,
		"<text x=\"%.1f\" y=\"%.1f\" text-anchor=\"%s\">%s</text>\n", x,
		y, anchor, text);
}

static void print_legend(FILE *out)
{
	size_t i;

	for (i = 0; i < STATS_PHASES; i++) {
		double x = LEFT + (double)PLOT * (double)i / STATS_PHASES;

		fprintf(out,
			"<rect x=\"%.1f\" y=\"38\" width=\"11\" height=\"11\" fill=\"%s\"/>\n",
			x, colours[i]);
		print_text(out, x + 16, 48, "start", stats_phase_name(i));
	}
}

/* A bar, with what a pointer on a phase is told, and the sum behind it. */
static void print_bar(FILE *out, double y, double max, const char *label,
		      const struct stats_row *row)
{
	double x = LEFT;
	char sum[32];
	size_t i;

	print_text(out, LEFT - 8, y + BAR - 2, "end", label);
	for (i = 0; i < STATS_PHASES; i++) {
		double width = row->phase[i] / max * PLOT;

		if (row->phase[i] <= 0)
			continue;
		fprintf(out,
			"<rect class=\"phase\" x=\"%.2f\" y=\"%.1f\" width=\"%.2f\" height=\"%d\" fill=\"%s\"><title>%s %.3f ms</title></rect>\n",
			x, y, width, BAR, colours[i], stats_phase_name(i),
			row->phase[i]);
		x += width;
	}
	if (row->total < 0)
		return;
	snprintf(sum, sizeof(sum), "%.1f ms", row->total);
	print_text(out, x + 6, y + BAR - 2, "start", sum);
}

/* The least of 1, 2, 5, 10, 20, ... (or a part of 1) with few enough ticks. */
static double tick_step(double max)
{
	static const double factor[] = { 2, 2.5, 2 };
	double step = 0.01;
	size_t i;

	for (i = 0; max / step > MOST_TICKS; i++)
		step *= factor[i % 3];
	return step;
}

static void print_axis(FILE *out, double y, double max)
{
	double step = tick_step(max);
	char text[32];
	size_t i;

	for (i = 0; (double)i * step <= max; i++) {
		double x = LEFT + (double)i * step / max * PLOT;

		fprintf(out,
			"<line x1=\"%.1f\" y1=\"%d\" x2=\"%.1f\" y2=\"%.1f\" stroke=\"#cccccc\"/>\n",
			x, HEAD - 6, x, y + 4);
		snprintf(text, sizeof(text), "%g", (double)i * step);
		print_text(out, x, y + 18, "middle", text);
	}
	print_text(out, LEFT + (double)PLOT / 2, y + 36, "middle",
		   "milliseconds");
}

void stats_svg(FILE *out, const struct stats_svg_bar *bars, size_t n,
	       const struct stats_row *median)
{
	double max = longest(bars, n, median);
	size_t rows = n ? n + 1 : 1;
	double foot = HEAD + (double)rows * ROW;
	char label[80];
	size_t i;

	fprintf(out,
		"<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%.0f\" font-family=\"sans-serif\" font-size=\"12\">\n"
		"<rect width=\"100%%\" height=\"100%%\" fill=\"#ffffff\"/>\n"
		"<text x=\"%d\" y=\"22\" font-size=\"15\">Hot switches, phase by phase</text>\n",
		WIDTH, foot + FOOT, LEFT);
	if (!n) {
		print_text(out, LEFT, HEAD + BAR, "start", "No switch yet.");
		fputs("</svg>\n", out);
		return;
	}
	print_legend(out);
	print_axis(out, foot, max);
	print_bar(out, HEAD, max, "median", median);
	for (i = 0; i < n; i++) {
		snprintf(label, sizeof(label),
			 "%" PRId64 ": %" PRId64 " to %" PRId64, bars[i].number,
			 bars[i].source, bars[i].target);
		print_bar(out, HEAD + (double)(i + 1) * ROW, max, label,
			  &bars[i].row);
	}
	fputs("</svg>\n", out);
}
