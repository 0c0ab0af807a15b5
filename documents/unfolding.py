"""What a PDF of a stranger may take while it is opened; whoever opens one imports this.

A file of kilobytes can unfold into gigabytes. The limits of the library hold for the
whole process and are set once, at import. Knows no Django: the program that examines
files (`documents.examining`) knows none either.
"""

from pikepdf import settings as qpdf

MEBIBYTE = 1024 * 1024
# More pages than any paper or piece of evidence has.
MAX_PAGES = 300

qpdf.set_qpdf_limits(
    flate_max_memory=64 * MEBIBYTE,
    run_length_max_memory=64 * MEBIBYTE,
    png_max_memory=64 * MEBIBYTE,
    tiff_max_memory=64 * MEBIBYTE,
    dct_max_memory=128 * MEBIBYTE,
    doc_max_warnings=100,
    max_stream_filters=4,
    parser_max_nesting=100,
)
