// SPDX-License-Identifier: GPL-2.0-or-later
/*
 * lent.c - the disk of a slot that another one carries
 */
#include "blk.h"
#include "bm.h"
#include "lent.h"
#include "platform.h"
#include "report.h"
#include "smc.h"

#define MARKED_SECTOR	1

static uint8_t sector[BLK_SECTOR];

int64_t lent_show(uint64_t slot, uint64_t access)
{
	struct smc_regs regs;

	return bm_call(&regs, OSTI_CALL_DISK_SHOW, slot, access, 0);
}

void lent_check_hidden(unsigned int slot, const char *when)
{
	check(!blk_is_there(BOARD_PCI_ALIAS(slot)) &&
	      !blk_is_there(BOARD_PCI_DISK(slot)),
	      "the disk of slot %u is there %s", slot, when);
}

void lent_check_own(unsigned int slot)
{
	check_status("its own disk", lent_show(slot, OSTI_DISK_READ),
		     OSTI_E_INVALID);
	check(!blk_is_there(BOARD_PCI_ALIAS(slot)), "its own alias is there");
}

void lent_mark(unsigned int slot, uint8_t mark)
{
	sector[7] = mark;
	check_eq("writing the disk",
		 blk_move(BOARD_PCI_DISK(slot), true, MARKED_SECTOR, sector),
		 BLK_OK);
}

void lent_check_mark(unsigned int dev, uint8_t mark)
{
	sector[7] = 0;
	check_eq("reading the disk",
		 blk_move(dev, false, MARKED_SECTOR, sector), BLK_OK);
	check_eq("the mark on it", sector[7], mark);
}

void lent_check_read_only(unsigned int slot)
{
	struct smc_regs regs;

	lent_check_hidden(slot, "before it is shown");
	check_status("to be written", lent_show(slot, OSTI_DISK_WRITE),
		     OSTI_E_STATE);
	check_status("to be read", lent_show(slot, OSTI_DISK_READ), OSTI_OK);
	check_status("twice", lent_show(slot, OSTI_DISK_READ), OSTI_E_STATE);
	lent_check_mark(BOARD_PCI_ALIAS(slot), slot);
	sector[7] = 0;
	check_eq("writing the alias",
		 blk_move(BOARD_PCI_ALIAS(slot), true, MARKED_SECTOR, sector),
		 BLK_ERROR);
	lent_check_mark(BOARD_PCI_ALIAS(slot), slot);
	check(!blk_is_there(BOARD_PCI_DISK(slot)), "the disk itself is there");
	check_status("hide", bm_call(&regs, OSTI_CALL_DISK_HIDE, slot, 0, 0),
		     OSTI_OK);
	lent_check_hidden(slot, "when it is hidden");
}
