import { expect } from 'chai';
import fc from 'fast-check';
import { parseJson, printJson } from '../../src/log/json.js';
import { DELETED_TRUNCATE_BEFORE, parseMetadata, withTruncateBefore } from '../../src/log/metadata.js';
import type { RecordedEvent } from '../../src/protocol/recorded.js';

const event = (data: string, contentType = 'application/json'): RecordedEvent => ({
  id: '6c1f4a35-2d0e-4b1b-8a6f-0f6f0b0d3c11',
  stream: '$$s',
  revision: 0,
  position: 0,
  type: '$metadata',
  contentType,
  created: 0,
  customMetadata: Buffer.alloc(0),
  data: Buffer.from(data),
});

describe('stream metadata', () => {
  it('has the fields that the server heeds', () => {
    const text = '{"$maxCount":5,"$maxAge":60,"$tb":2,"$cacheControl":0,"$acl":{"$r":"$all","$w":["a","b"]},"mine":1}';
    expect(parseMetadata(event(text))).to.deep.equal({
      maxCount: 5,
      maxAge: 60,
      truncateBefore: 2,
      cacheControl: 0,
      acl: { $r: ['$all'], $w: ['a', 'b'] },
    });
  });

  it('is void as a whole when one field makes no sense', () => {
    for (const field of ['"$maxCount":0', '"$maxCount":1.0', '"$maxAge":"1"', '"$tb":-1', '"$acl":{"$zz":"a"}']) {
      expect(parseMetadata(event(`{"$tb":1,${field}}`)), field).to.deep.equal({});
    }
    for (const text of ['', 'null', '[{"$tb":1}]', '{"$tb":1', '{ /* c */ "$tb":1}']) {
      expect(parseMetadata(event(text)), text).to.deep.equal({});
    }
    expect(parseMetadata(event('{"$tb":1}', 'application/octet-stream'))).to.deep.equal({});
  });

  it('knows a soft delete, and keeps everything else when the stream comes back', () => {
    const deleted = '{ "custom" : {"a":[1,2.50,"ü"]},  "$tb":9223372036854775807, "$maxCount": 9 }';
    expect(parseMetadata(event(deleted)).truncateBefore).to.equal(DELETED_TRUNCATE_BEFORE);
    const back = withTruncateBefore(Buffer.from(deleted), 3);
    expect(back).to.equal('{"custom":{"a":[1,2.5,"ü"]},"$tb":3,"$maxCount":9}');
  });

  it('reads JSON as JSON.parse does, and prints it as JSON.stringify does', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 5 }), (text) => {
        expect(JSON.parse(printJson(parseJson(text)))).to.deep.equal(JSON.parse(text));
      }),
    );
  });
});
