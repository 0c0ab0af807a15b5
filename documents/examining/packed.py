"""A reader for PDFs of many small objects, as those of tagged papers are."""

from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.decode_limits import DecodePurpose
from pyhanko.pdf_utils.reader import PdfFileReader


class PackedReader(PdfFileReader):
    """Reads the list of a packed stream once, and not once for each object in it.

    The time that pyHanko takes for the tags of a paper grows with their square.
    """

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        packed = self.__dict__.setdefault("_packed", {})
        if stmnum not in packed:
            packed[stmnum] = self._unpacked(stmnum)
        data, places = packed[stmnum]
        if idnum not in places:  # damaged, or made to confuse
            return super()._get_object_from_stream(  # type: ignore[no-untyped-call]
                idnum, stmnum, idx
            )
        source = BytesIO(data)
        source.seek(places[idnum])
        return generic.read_object(source, generic.Reference(idnum, 0, self))

    def _unpacked(self, number: int) -> tuple[bytes, dict[int, int]]:
        """The content of a packed stream, and where in it each object begins."""
        stream = generic.Reference(number, 0, self).get_object()
        if not isinstance(stream, generic.StreamObject):
            return b"", {}
        data: bytes = stream.read_data(DecodePurpose.OBJECT_STREAM)
        first = int(stream["/First"])
        words = data[:first].split()[: 2 * int(stream["/N"])]
        numbers = [int(word) for word in words]
        pairs = zip(numbers[::2], numbers[1::2], strict=False)
        # As pyHanko does: the first of two with the same number counts.
        places = {idnum: first + offset for idnum, offset in reversed(list(pairs))}
        return data, places
