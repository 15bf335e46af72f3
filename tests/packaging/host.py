"""A host in another language: the library by its C interface, JSON in and out."""
import ctypes
import json


class Dovetail:
    def __init__(self, library, **options):
        self.library = ctypes.CDLL(library)
        for name in ("dovetail_open", "dovetail_call"):
            getattr(self.library, name).restype = ctypes.c_int
        self.library.dovetail_version.restype = ctypes.c_char_p
        self.library.dovetail_call.argtypes = [ctypes.c_void_p, ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p)]
        self.library.dovetail_open.argtypes = [ctypes.c_char_p, ctypes.POINTER(ctypes.c_void_p),
                                               ctypes.POINTER(ctypes.c_void_p)]
        self.library.dovetail_free.argtypes = [ctypes.c_void_p]
        self.library.dovetail_close.argtypes = [ctypes.c_void_p]
        self.runtime = ctypes.c_void_p()
        answer = ctypes.c_void_p()
        result = self.library.dovetail_open(json.dumps(options).encode(), ctypes.byref(self.runtime),
                                            ctypes.byref(answer))
        self.opened = (result, self._take(answer))

    def _take(self, answer):
        text = ctypes.cast(answer, ctypes.c_char_p).value
        self.library.dovetail_free(answer)
        return json.loads(text.decode())

    def call(self, what, **members):
        answer = ctypes.c_void_p()
        request = json.dumps({"call": what, **members}).encode()
        result = self.library.dovetail_call(self.runtime, request, ctypes.byref(answer))
        return result, self._take(answer)

    def close(self):
        self.library.dovetail_close(self.runtime)
        self.runtime = None
