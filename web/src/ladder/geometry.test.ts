import { describe, expect, it } from 'vitest';
import type { MessageLine } from '../../../src/trace/message.ts';
import { planArrow, planLanes, slantOf, TIME_WIDTH } from './geometry.ts';

const message: MessageLine = {
  id: 1,
  conversation: 1,
  protocol: 'dns',
  transport: 'udp',
  from: 'alice',
  to: 'bob',
  fromPort: 1,
  toPort: 53,
  sentAt: 10,
  arrivedAt: 12,
  summary: 'A? www.campus.edu',
  role: 'request',
  length: 32,
};

describe('lanes', () => {
  it('share the room, and never get too narrow', () => {
    expect(planLanes(['a', 'b', 'c'], 700).width).toBe(700);
    const many = planLanes(
      Array.from({ length: 20 }, (_, index) => `h${index}`),
      700,
    );
    expect(many.width).toBeGreaterThan(1_800);
    const xs = [...many.x.values()];
    expect(xs).toEqual([...xs].sort((a, b) => a - b));
    expect(xs[0]).toBeGreaterThan(TIME_WIDTH);
  });
});

describe('arrows', () => {
  const lanes = planLanes(['alice', 'bob'], 700);
  const sight = { left: 0, right: 700 };

  it('go from lifeline to lifeline; what is lost ends before', () => {
    const whole = planArrow(message, lanes, sight);
    expect(whole.fromX).toBe(lanes.x.get('alice'));
    expect(whole.toX).toBe(lanes.x.get('bob'));
    const lost = planArrow({ ...message, lost: 'link cut' }, lanes, sight);
    expect(lost.toX).toBeGreaterThan(lost.fromX);
    expect(lost.toX).toBeLessThan(whole.toX);
  });

  it('lie the steeper the later they arrive', () => {
    const delays = [0, 0.2, 2, 20, 400].map((delay) =>
      slantOf({ ...message, arrivedAt: message.sentAt + delay }),
    );
    expect(delays).toEqual([...delays].sort((a, b) => a - b));
    expect(delays.at(-1)).toBeLessThan(11);
  });

  it('a text that has no room at the right is put to the left', () => {
    const long = { ...message, from: 'bob', to: 'bob', summary: 'x'.repeat(60) };
    expect(planArrow(long, lanes, sight).label.align).toBe('right');
    expect(planArrow(message, lanes, sight).label.align).toBe('left');
  });

  it('a text stays in sight when its arrow begins outside', () => {
    const moved = { left: 300, right: 700 };
    const { label } = planArrow(message, lanes, moved);
    expect(label.x).toBeGreaterThanOrEqual(moved.left + TIME_WIDTH);
    expect(label.x + label.room).toBeLessThanOrEqual(moved.right);
  });
});
