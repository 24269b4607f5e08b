#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Write seeds for the fuzz target of answers of S3.

Usage: make-corpus-s3reply.py DIRECTORY
"""
import pathlib
import sys

XML = '<?xml version="1.0" encoding="UTF-8"?>\n'
OPEN = '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">'
CLOSE = '</ListBucketResult>'


def entry(key, size="17"):
    return (f"<Contents><Key>{key}</Key>"
            "<LastModified>2013-05-24T00:00:01.000Z</LastModified>"
            f"<ETag>&quot;x&quot;</ETag><Size>{size}</Size></Contents>")


def page(inside, more="false"):
    return ("L" + XML + OPEN + "<Name>b</Name>" + inside +
            f"<IsTruncated>{more}</IsTruncated>" + CLOSE)


SEEDS = {
    "list-empty": page(""),
    "list-one": page(entry("pre/p/1")),
    "list-encoded": page(entry("pre%2Fp%2F1") + entry("pre%2Fp%C3%A4") +
                         "<EncodingType>url</EncodingType>"),
    "list-more": page("<NextContinuationToken>a&amp;b</NextContinuationToken>" +
                      entry("pre/p"), "true"),
    "list-no-token": page(entry("pre/p"), "true"),
    "list-other-key": page(entry("other/p")),
    "list-no-size": page("<Contents><Key>pre/p</Key></Contents>"),
    "list-huge-size": page(entry("pre/p", "9223372036854775807")),
    "list-cut": page(entry("pre/p"))[:200],
    "list-deep": "L" + "<a>" * 70,
    "list-html": "L<html><body>Log in<br></body></html>",
    "list-doctype": 'L<!DOCTYPE a [<!ENTITY x "y">]><a>&x;</a>',
    "xml-references": "L<a>&#65;&#x1F600;&lt;&#xd800;</a>",
    "xml-comment": "L<!-- --><a b='>' c=\"/\"><!----><b/></a>",
    "error": "E" + XML + "<Error><Code>SlowDown</Code><Message>Slow \033[2J"
             "</Message><Region>eu-1</Region></Error>",
    "error-utf8": "E<Error><Code>A</Code><Message>\u00e4&#x9b;</Message></Error>",
    "error-long": "E<Error><Code>" + "c" * 100 + "</Code></Error>",
    "headers": "HHTTP/1.1 503 Slow Down\r\n"
               "Date: Fri, 24 May 2013 00:00:00 GMT\r\n"
               "Retry-After: Fri, 24 May 2013 00:01:00 GMT\r\n"
               "Content-Range: bytes 5-9/10\r\n"
               "x-amz-bucket-region: eu-1\r\n\r\n",
    "headers-seconds": "HRetry-After: 120\r\nRetry-After: -1\r\nDate: x\r\n",
    "headers-bad": "HDate:\r\nContent-Range: bytes */7\r\n: \r\nRetry-After\r\n",
}


def main():
    directory = pathlib.Path(sys.argv[1])
    directory.mkdir(parents=True, exist_ok=True)
    for name, text in SEEDS.items():
        (directory / name).write_bytes(text.encode())


main()
