import { mount } from 'svelte';
import '@fontsource-variable/inter/wght.css';
import './styles/tokens.css';
import './styles/base.css';
import App from './app.svelte';
import { Client } from './state/client.svelte';
import { applyStoredTheme } from './ui/theme';

applyStoredTheme();

const target = document.getElementById('app');
if (target === null) throw new Error('index.html must hold an element with the id "app".');
mount(App, { target, props: { client: new Client(window.phiscan) } });
