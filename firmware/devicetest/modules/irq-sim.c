// SPDX-License-Identifier: GPL-2.0
/*
 * The kernel's simulated interrupt controller, which gpio-sim needs, as a module.
 * Inside the kernel it uses irq_to_desc, which modules do not get; the same
 * descriptor is to be had from the interrupt's data.
 */
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/module.h>

#define irq_to_desc(irq) irq_data_to_desc(irq_get_irq_data(irq))
#include "irq_sim.c"

MODULE_LICENSE("GPL");
