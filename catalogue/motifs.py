"""Which batik pattern stands for which field of service."""

# Words of a category's code; the first that fits decides. Kawung is for health and
# social matters and for all that nothing here names.
_WORDS = {
    "gringsing": ("pendidikan", "kependudukan", "sipil", "hukum"),
    "truntum": ("lingkungan", "bencana", "energi", "infrastruktur", "pangan"),
    "ceplok": ("ekonomi", "perizinan", "tata-kelola", "kerja", "perdagangan"),
}


def motif_of(category_code: str) -> str:
    """Name the pattern: kawung, ceplok, truntum or gringsing."""
    return next(
        (
            motif
            for motif, words in _WORDS.items()
            if any(word in category_code for word in words)
        ),
        "kawung",
    )
