"""Validation of signed PDFs: two judges, the worse verdict wins.

:mod:`.engine` runs both on bytes; :mod:`.service` runs it on hostile files, in a process
with limits; :mod:`.sentences` says every reason in plain words. Nothing heavy is imported
here: pyHanko costs more than half a second.
"""
