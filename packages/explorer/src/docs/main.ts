import { restoreTheme } from '../app/theme.ts';
import { addCopyButtons, makeScrollersReachable, showPlaceInTree } from './help-readers.ts';
import { searchBox } from './search-box.ts';
import { themeButton } from './theme-button.ts';

restoreTheme();
document.getElementById('docs-tools')?.append(searchBox(), themeButton());
addCopyButtons();
makeScrollersReachable();
showPlaceInTree();
