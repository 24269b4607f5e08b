// SPDX-License-Identifier: GPL-2.0-only
/*
 * devices.c - what every context may use of the device, but for PCI functions
 */
#include <osti/abi.h>

#include "board.h"
#include "memory.h"

#define PAGE	4096

const struct memory_device board_devices[] = {
	{ { BOARD_GICD_BASE }, BOARD_GICD_SIZE, false },
	{ { BOARD_GICR_BASE }, BOARD_GICR_STRIDE * OSTI_MAX_CPUS, false },
	{ { BOARD_UART_BASE }, PAGE, false },
	{ { BOARD_RTC_BASE }, PAGE, true },
	{ { BOARD_GPIO_BASE }, PAGE, false },
	{ { BOARD_PCI_MMIO_BASE }, BOARD_PCI_MMIO_SIZE, false },
	{ { BOARD_PCI_PIO_BASE }, BOARD_PCI_PIO_SIZE, false },
	{ { BOARD_PCI_MMIO64_BASE }, BOARD_PCI_MMIO64_SIZE, false },
};

const unsigned int board_nr_devices =
	sizeof(board_devices) / sizeof(board_devices[0]);
