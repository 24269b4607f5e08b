# SPDX-License-Identifier: GPL-2.0-or-later
#
# Unit tests of the image engine, on the build machine. Included by a Makefile at
# the top of the tree after image.mk, or on its own:
#
#   make -f tests/unit/engine.mk unit-engine

ifndef UI_SRC
include tests/unit/image.mk
endif

# One program each, tests/unit/engine/test_<name>.c.
ENGINE_TESTS := jobs refuse reseal mem

UE_SRC	:= uboot-patches/engine
UE_OBJ	:= $(UI_OUT)/engine
UE_BINS	:= $(ENGINE_TESTS:%=$(UI_OUT)/test_engine_%)
UE_CFLAGS = -iquote tests/unit/engine -iquote $(UE_SRC) $(UI_CFLAGS)

.PHONY: unit-engine
unit-engine: $(UE_BINS)
	@set -e; for t in $(UE_BINS); do echo "== $$t"; ./$$t; done

.SECONDARY: $(ENGINE_TESTS:%=$(UE_OBJ)/test_%.o)

$(UI_OUT)/test_engine_jobs $(UI_OUT)/test_engine_refuse $(UI_OUT)/test_engine_reseal: \
		$(UI_OUT)/test_engine_%: $(UE_OBJ)/test_%.o $(UE_OBJ)/rig.o \
		$(UE_OBJ)/jobs.o $(UI_LIB)
	$(UI_CC) $(UE_CFLAGS) -o $@ $^ -lcmocka -lpthread

$(UI_OUT)/test_engine_mem: $(UE_OBJ)/test_mem.o $(UE_OBJ)/mem.o
	$(UI_CC) $(UE_CFLAGS) -o $@ $^ -lcmocka

# The names are the C library's here. ASan knows those that compilers call.
$(UE_OBJ)/mem.o: UE_CFLAGS += $(foreach f,memcpy memmove memset memcmp, \
	-D$(f)=engine_$(f)) -fno-builtin -fno-tree-loop-distribute-patterns

$(UE_OBJ)/jobs.o $(UE_OBJ)/mem.o: $(UE_OBJ)/%.o: $(UE_SRC)/%.c tests/unit/engine.mk
	@mkdir -p $(@D)
	$(UI_CC) $(UE_CFLAGS) -MMD -MP -c -o $@ $<

$(UE_OBJ)/%.o: tests/unit/engine/%.c tests/unit/engine.mk
	@mkdir -p $(@D)
	$(UI_CC) $(UE_CFLAGS) -MMD -MP -c -o $@ $<

-include $(UE_OBJ)/jobs.d $(UE_OBJ)/mem.d $(UE_OBJ)/rig.d \
	$(ENGINE_TESTS:%=$(UE_OBJ)/test_%.d)
