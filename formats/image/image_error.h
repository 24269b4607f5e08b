/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * image_error.h - names and texts of OSTI_IMAGE_E_*
 */
#ifndef IMAGE_ERROR_H
#define IMAGE_ERROR_H

/* A short name for logs and programs, as "chunk-tag"; "?" if not known. */
const char *image_error_name(int error);
/* A sentence for a person, without a full stop; "unknown error" likewise. */
const char *image_error_text(int error);

#endif /* IMAGE_ERROR_H */
