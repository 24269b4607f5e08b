/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * call_list.h - all OSTI calls, once (docs/adding-a-call.md)
 *
 * CALL(name, handler, who, results, again)
 *   name     OSTI_CALL_<name> of osti/abi.h
 *   handler  int64_t handler(struct call *), from call.h
 *   who      ANY context; BM: the boot manager alone; OWN: the context whose
 *            image is on its way
 *   results  the registers that the contract names with OSTI_OK
 *   again    those that it names with OSTI_AGAIN
 *
 * No include guard: it is included wherever the list is wanted, with CALL()
 * defined, and takes the definition away.
 */
#define R(first, last)	CALL_RESULTS(first, last)

CALL(INFO,		call_info,		ANY, R(1, 7), 0)
CALL(SLOT_INFO,		call_slot_info,		ANY, R(1, 10), 0)
CALL(TARGET_ARM,	call_target_arm,	ANY, 0, 0)
CALL(TARGET_CANCEL,	call_target_cancel,	ANY, 0, 0)
CALL(PHASE_MARK,	call_phase_mark,	ANY, 0, 0)
CALL(PHASE_READ,	call_phase_read,	ANY, R(1, 10), 0)
CALL(EVENT_INFO,	call_event_info,	ANY, R(1, 2) | R(4, 11), 0)
CALL(EVENT_READ,	call_event_read,	ANY, R(1, 9), 0)
CALL(IMAGE_INFO,	call_image_info,	ANY, R(1, 6), 0)
CALL(REQUEST_RESULT,	call_request_result,	ANY, R(1, 3), 0)
CALL(RESUME_INFO,	call_resume_info,	ANY, R(1, 8), 0)
CALL(START_GOOD,	call_start_good,	ANY, R(1, 1), 0)
CALL(SLOT_KEY,		call_slot_key,		ANY, R(1, 4), 0)
CALL(DISK_KEY,		call_disk_key,		ANY, R(1, 8), 0)
CALL(CARRIER_KEY,	call_carrier_key,	ANY, R(1, 6), 0)
CALL(RESTORE_ASK,	call_restore_ask,	ANY, 0, 0)
CALL(DISK_SHOW,		call_disk_show,		ANY, R(1, 1), 0)
CALL(DISK_HIDE,		call_disk_hide,		ANY, 0, 0)
CALL(FIRMWARE_INFO,	call_firmware_info,	ANY, R(1, 6), 0)

CALL(BM_REASON,		call_bm_reason,		BM, R(1, 4), 0)
CALL(SLOT_OPEN,		call_slot_open,		BM, R(1, 2), 0)
CALL(SLOT_CLOSE,	call_slot_close,	BM, 0, 0)
CALL(SLOT_START,	call_slot_start,	BM, 0, 0)
CALL(SLOT_RESUME,	call_slot_resume,	BM, 0, 0)
CALL(BM_ANSWER,		call_bm_answer,		BM, 0, 0)
CALL(IMAGE_NOTE,	call_image_note,	BM, 0, 0)
CALL(IMAGE_DROP,	call_image_drop,	BM, 0, 0)
CALL(IMAGE_RETIRE,	call_image_retire,	BM, 0, 0)
CALL(START_CHECK,	call_start_check,	BM, R(1, 2), 0)
CALL(RESTORE_INFO,	call_restore_info,	BM, R(1, 7), 0)
CALL(RESTORE_GRANT,	call_restore_grant,	BM, 0, 0)
CALL(KEY_IMPORT,	call_key_import,	BM, 0, 0)

CALL(EXPORT_BEGIN,	call_export_begin,	ANY, R(1, 2), 0)
CALL(EXPORT_SCAN,	call_export_scan,	OWN, R(1, 4), R(1, 1))
CALL(IMAGE_TABLE,	call_image_table,	OWN, R(1, 1), 0)
CALL(EXPORT_CHUNK,	call_export_chunk,	OWN, R(1, 1), 0)
CALL(EXPORT_HAVE,	call_export_have,	OWN, 0, 0)
CALL(EXPORT_SEAL,	call_export_seal,	OWN, R(1, 1), 0)
CALL(EXPORT_READ,	call_export_read,	OWN, 0, 0)
CALL(EXPORT_COMMIT,	call_export_commit,	OWN, 0, 0)
CALL(EXPORT_ABORT,	call_export_abort,	OWN, 0, 0)
CALL(ATTACH,		call_attach,		OWN, 0, 0)
CALL(EXPORT_STORED,	call_export_stored,	ANY, R(1, 1), 0)
CALL(EXPORT_GIVE,	call_export_give,	OWN, R(1, 1), 0)
CALL(EXPORT_OPEN,	call_export_open,	OWN, R(1, 2), 0)

CALL(IMPORT_BEGIN,	call_import_begin,	ANY, R(1, 1), 0)
CALL(IMPORT_WRITE,	call_import_write,	OWN, 0, 0)
CALL(IMPORT_OPEN,	call_import_open,	OWN, R(1, 2), 0)
CALL(IMPORT_CHUNK,	call_import_chunk,	OWN, R(1, 1), 0)
CALL(IMPORT_CHECK,	call_import_check,	OWN, 0, 0)
CALL(IMPORT_COMMIT,	call_import_commit,	OWN, 0, 0)
CALL(IMPORT_ABORT,	call_import_abort,	OWN, 0, 0)

CALL(FIRMWARE_BEGIN,	call_firmware_begin,	BM, 0, 0)
CALL(FIRMWARE_ERASE,	call_firmware_erase,	BM, 0, 0)
CALL(FIRMWARE_WRITE,	call_firmware_write,	BM, 0, 0)
CALL(FIRMWARE_FINISH,	call_firmware_finish,	BM, 0, 0)

#undef R
#undef CALL
