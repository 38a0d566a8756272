/** Scrolls up through the whole ladder and back, a step each frame. */
export const SCROLL_THROUGH: string = `new Promise((done) => {
  const box = document.querySelector('.scroller');
  const times = [];
  let rows = 0;
  let empty = 0;
  let last = performance.now();
  const steps = 60;
  const step = (left) => {
    const now = performance.now();
    times.push(now - last);
    last = now;
    const drawn = document.querySelectorAll('.row').length;
    rows = Math.max(rows, drawn);
    if (drawn === 0) empty++;
    if (left === 0) {
      times.sort((a, b) => a - b);
      done({ median: times[times.length >> 1], rows, empty });
      return;
    }
    box.scrollTop = box.scrollHeight * Math.abs(left / steps - 0.5);
    requestAnimationFrame(() => step(left - 1));
  };
  requestAnimationFrame(() => step(steps));
})`;
