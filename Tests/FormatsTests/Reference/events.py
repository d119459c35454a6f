"""Prints the constants of EventFileTests.swift, made by PyPI's tensorboard 2.21.0."""
import struct

from tensorboard.compat.proto.event_pb2 import Event, SessionLog
from tensorboard.compat.proto.summary_pb2 import Summary
from tensorboard.compat.tensorflow_stub.pywrap_tensorflow import crc32c, masked_crc32c


def record(event):
    data = event.SerializeToString()
    length = struct.pack("<Q", len(data))
    return (length + struct.pack("<I", masked_crc32c(length)) + data + struct.pack("<I", masked_crc32c(data))).hex()


print(hex(crc32c(b"123456789")), hex(masked_crc32c(b"")))
print(record(Event(wall_time=1.5, step=0, file_version="brain.Event:2")))
print(record(Event(wall_time=2.25, step=300, session_log=SessionLog(status=SessionLog.START))))
print(record(Event(wall_time=3, step=7, summary=Summary(value=[
    Summary.Value(tag="step/loss", simple_value=0.1),
    Summary.Value(tag="step/lr", simple_value=float("nan"))]))))
print(record(Event(wall_time=4, step=1, summary=Summary(value=[
    Summary.Value(tag="picture", image=Summary.Image(
        height=2, width=300, colorspace=3, encoded_image_string=b"PNG"))]))))
