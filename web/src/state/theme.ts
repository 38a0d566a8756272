/** Light or dark: as the system says, until a person chooses. */
import { type Signal, signal } from '@preact/signals';

const KEY = 'toplayer-theme';
const system = matchMedia('(prefers-color-scheme: dark)');

function current(): 'light' | 'dark' {
  const chosen = document.documentElement.dataset['theme'];
  if (chosen === 'light' || chosen === 'dark') return chosen;
  return system.matches ? 'dark' : 'light';
}

export const theme: Signal<'light' | 'dark'> = signal(current());

system.addEventListener('change', () => {
  theme.value = current();
});

export function toggleTheme(): void {
  const chosen = theme.value === 'dark' ? 'light' : 'dark';
  document.documentElement.dataset['theme'] = chosen;
  theme.value = chosen;
  try {
    localStorage.setItem(KEY, chosen);
  } catch (error) {
    console.info('the choice of colours is not kept here', error);
  }
}
