"""pyHanko's strict reader, which does not follow all ways through a file without end.

To know what an object is used for, pyHanko follows every way that leads to it. Forty
objects that each name the next one twice have a million million ways: such a file of two
kilobytes would hold up whoever prepares or checks it.
"""

import functools
import io
import time

#: Parts of objects that are looked at for one revision.
MOST = 500_000
#: Seconds of processor for one file: long ways cost more than short ones.
SECONDS = 8


class Entangled(ValueError):
    """The objects of a file name each other in too many ways to follow them."""


def open_strict(pdf: bytes):
    """pyHanko's reader of a file.

    :raise Entangled: later, when too many ways lead through the file
    """
    return _classes()(io.BytesIO(pdf), strict=True)


@functools.cache
def _classes():
    from pyhanko.pdf_utils import generic
    from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader

    def weight(item):
        """How many parts are written in an object itself."""
        stack, count = [item], 0
        while stack:
            one, count = stack.pop(), count + 1
            if isinstance(one, generic.DictionaryObject):
                stack += [one.raw_get(key) for key in one]
            elif isinstance(one, generic.ArrayObject):
                stack += [one.raw_get(at) for at in range(len(one))]
        return count

    class Resolver(HistoricalResolver):
        """Counts what is looked at while uses of objects are followed."""

        left = None

        def __call__(self, ref):
            item = super().__call__(ref)
            if self.left is not None:
                if ref not in self.weights:
                    self.weights[ref] = weight(item)
                self.left -= self.weights[ref]
                if self.left < 0 or time.thread_time() > self.until:
                    raise Entangled("its objects name each other in too many ways")
            return item

        def _load_reverse_xref_cache(self):
            begun = time.thread_time()
            self.left, self.weights, self.until = MOST, {}, begun + self.reader.seconds
            try:
                return super()._load_reverse_xref_cache()
            finally:
                self.left = None
                self.reader.seconds -= time.thread_time() - begun

    class Reader(PdfFileReader):
        seconds = SECONDS

        def get_historical_resolver(self, revision):
            """The file as it was in one revision."""
            known = self._historical_resolver_cache
            if revision not in known:
                known[revision] = Resolver(self, revision)
            return known[revision]

    return Reader
