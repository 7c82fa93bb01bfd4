/** `--preprocess` as its flag is written: a table in the config has the names and lists of its own format. */
export function preprocessText(preprocess: string | readonly string[]): string {
  if (typeof preprocess === 'string') return preprocess;
  return preprocess
    .map((setting) => {
      const [key = '', value = ''] = setting.split('=');
      const isSize = key === 'resize' || key === 'crop';
      return `${key === 'resizeMode' ? 'resize-mode' : key}=${value.replaceAll(',', isSize ? 'x' : ':')}`;
    })
    .join(',');
}
