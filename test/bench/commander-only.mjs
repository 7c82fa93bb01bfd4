// The yardstick of `npm run bench:startup`: a program that imports commander and prints its help.
import { Command } from 'commander';

new Command('yardstick').description('imports commander and nothing else').parse(['node', 'yardstick']);
