import { expect, test } from 'vitest';
import { parseThreatBoxes } from '../../src-lab/evaluation/threat-boxes';

test('boxes are read by the names of the columns', () => {
  const text =
    'class,file,x,y,w,h,confidence\nknife,a.jpg,1,2,30,40,sure\ngun,a.jpg,5,6,7,8,unsure\n';
  expect(parseThreatBoxes(text, 'boxes.csv')).toEqual(
    new Map([
      [
        'a.jpg',
        [
          { class: 'knife', view: 0, box: { x: 1, y: 2, width: 30, height: 40 } },
          { class: 'gun', view: 0, box: { x: 5, y: 6, width: 7, height: 8 } },
        ],
      ],
    ]),
  );
});

test('a line that is no box is refused with its number', () => {
  for (const row of ['a.jpg,knife,1,2,30', 'a.jpg,knife,1,2,0,40', 'a.jpg,knife,,2,3,4']) {
    expect(() => parseThreatBoxes(`file,class,x,y,w,h\n${row}`, 'boxes.csv')).toThrow(/Line 2/);
  }
  expect(() => parseThreatBoxes('file,class,x\n', 'boxes.csv')).toThrow(/y, w, h is missing/);
});
