# SPDX-License-Identifier: Apache-2.0
# Makes the files beside it, with pyarrow 26.0.1. The tests do not need it.
import datetime as dt
import decimal
import os

import pyarrow as pa
import pyarrow.ipc as ipc

here = os.path.dirname(os.path.abspath(__file__))


def write(name, batches, stream=False, **options):
    options = ipc.IpcWriteOptions(**options)
    make = ipc.new_stream if stream else ipc.new_file
    with make(os.path.join(here, name), batches[0].schema, options=options) as writer:
        for batch in batches:
            writer.write_batch(batch)


def batch(columns):
    return pa.record_batch(list(columns.values()), names=list(columns.keys()))


def words(values, codes, code_type=pa.int8()):
    return pa.DictionaryArray.from_arrays(pa.array(codes, code_type), pa.array(values))


types = batch({
    'b': pa.array([True, None, False]),
    'i8': pa.array([-128, None, 127], pa.int8()),
    'u64': pa.array([0, None, 2**64 - 1], pa.uint64()),
    'f32': pa.array([0.5, None, -1.25], pa.float32()),
    'f64': pa.array([1e300, 0.1, -0.0]),
    'dec': pa.array([decimal.Decimal('1.50'), None, decimal.Decimal('-0.01')], pa.decimal128(20, 2)),
    'date': pa.array([dt.date(1970, 1, 2), None, dt.date(1969, 12, 31)]),
    'time': pa.array([1, None, 86399999], pa.time32('ms')),
    'ts': pa.array([-1, None, 1700000000000000], pa.timestamp('us')),
    'tz': pa.array([0, 1, 2], pa.timestamp('s', tz='Europe/Zurich')),
    's': pa.array(['', None, 'grün']),
    'S': pa.array(['a', 'bb', None], pa.large_utf8()),
    'z': pa.array([b'\x01', b'', None], pa.binary()),
    'n': pa.nulls(3),
    'k': words(['x', 'y'], [1, None, 0], pa.uint16()),
})
write('types.arrow', [types])
write('types.arrows', [types.slice(0, 2), types.slice(2)], stream=True)

repeated = batch({
    't': pa.array(range(200), pa.timestamp('ms')),
    's': pa.array(['word %d' % (i % 5) for i in range(200)]),
    'f': pa.array([None if i % 2 else 1.5 for i in range(200)]),
})
write('lz4.arrow', [repeated], compression='lz4')
write('zstd.arrows', [repeated], stream=True, compression='zstd')

growing = [batch({'k': words(['a'], [0, 0])}), batch({'k': words(['a', 'b', None], [1, 2])}),
           batch({'k': words(['a', 'b', None, 'c'], [3, 0])})]
write('deltas.arrows', growing, stream=True, emit_dictionary_deltas=True)
write('deltas.arrow', growing, emit_dictionary_deltas=True)
replaced = growing[:2] + [batch({'k': words(['z'], [0])})]
write('replaced.arrows', replaced, stream=True)

nested = batch({
    'first': pa.array([1, 2]),
    'list': pa.array([[1, 2], None]),
    'struct': pa.array([{'a': 1, 'b': 'x'}, {'a': 2, 'b': None}]),
    'middle': pa.array(['m', 'n']),
    'union': pa.UnionArray.from_sparse(pa.array([0, 0], pa.int8()), [pa.array([1, 2])]),
    'half': pa.array([1.5, 2.5], pa.float16()),
    'view': pa.array(['short', 'a string that is not inline'], pa.string_view()),
    'map': pa.array([[('k', 1)], []], pa.map_(pa.string(), pa.int32())),
    'last': pa.array([3, 4], pa.int16()),
})
write('nested.arrow', [nested])

one = batch({'i': pa.array([1, 2, 3], pa.int32())})
write('legacy.arrows', [one], stream=True, use_legacy_format=True)
write('v4.arrows', [one], stream=True, metadata_version=ipc.MetadataVersion.V4)
write('sliced.arrow', [types.slice(1, 2)])
write('empty.arrow', [one.slice(0, 0)])
