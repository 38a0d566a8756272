// Before the first paint, so that no page is ever shown in the other colours.
try {
  const chosen = localStorage.getItem('toplayer-theme');
  if (chosen === 'light' || chosen === 'dark') document.documentElement.dataset.theme = chosen;
} catch (error) {
  console.info('the choice of colours is not kept here', error);
}
