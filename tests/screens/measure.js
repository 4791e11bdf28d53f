(() => {
  const found = [];
  const room = window.innerWidth;
  const words = (text) => '«' + text.trim().replace(/\s+/g, ' ').slice(0, 40) + '»';
  const root = document.documentElement;
  if (root.scrollWidth > room) found.push(`the page is ${root.scrollWidth} px wide: wider than the window`);

  // What scrolls by itself may hold more than it shows; what is only cut off may not.
  const scrolls = (el) => {
    for (let at = el.parentElement; at; at = at.parentElement) {
      const o = getComputedStyle(at).overflowX;
      if ((o === 'auto' || o === 'scroll') && at.getBoundingClientRect().right <= room + 0.5) return true;
    }
    return false;
  };
  for (const el of document.body.querySelectorAll('*')) {
    const box = el.getBoundingClientRect();
    if (box.width > 0 && box.right > room + 0.5 && !scrolls(el)) {
      found.push(`<${el.tagName.toLowerCase()}> ${words(el.textContent)} ends at ${Math.round(box.right)} px: wider than the window`);
      break;
    }
  }
  for (const img of document.images) {
    if (!(img.getAttribute('alt') || '').trim()) found.push(`a picture without alt: ${img.outerHTML.slice(0, 60)}`);
  }

  const colour = (text) => {
    const n = (text.match(/[\d.]+/g) || []).map(Number);
    return { r: n[0] || 0, g: n[1] || 0, b: n[2] || 0, a: n.length > 3 ? n[3] : 1 };
  };
  const over = (top, below) => ({
    r: top.r * top.a + below.r * (1 - top.a), g: top.g * top.a + below.g * (1 - top.a), b: top.b * top.a + below.b * (1 - top.a), a: 1,
  });
  const dark = matchMedia('(prefers-color-scheme: dark)').matches;
  // The ground below everything follows the scheme only where the page says that it can.
  const schemes = (document.querySelector('meta[name="color-scheme"]') || { content: '' }).content + ' ' + getComputedStyle(root).colorScheme;
  const canvas = dark && schemes.includes('dark') ? { r: 18, g: 18, b: 18, a: 1 } : { r: 255, g: 255, b: 255, a: 1 };
  const ground = (el) => {
    const layers = [];
    for (let at = el; at; at = at.parentElement) {
      const c = colour(getComputedStyle(at).backgroundColor);
      if (c.a > 0) layers.push(c);
      if (c.a === 1) break;
    }
    return layers.reverse().reduce((below, top) => over(top, below), canvas);
  };
  const light = (c) => {
    const part = (v) => { v /= 255; return v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4; };
    return 0.2126 * part(c.r) + 0.7152 * part(c.g) + 0.0722 * part(c.b);
  };
  const contrast = (a, b) => { const [x, y] = [light(a), light(b)].sort((p, q) => q - p); return (x + 0.05) / (y + 0.05); };
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const told = new Set();
  while (texts.nextNode()) {
    const el = texts.currentNode.parentElement;
    const text = texts.currentNode.textContent;
    if (!text.trim() || ['STYLE', 'SCRIPT', 'TITLE'].includes(el.tagName) || !el.getClientRects().length) continue;
    const style = getComputedStyle(el);
    const below = ground(el);
    const at = contrast(over(colour(style.color), below), below);
    const size = parseFloat(style.fontSize);
    const least = size >= 24 || (size >= 18.66 && parseInt(style.fontWeight, 10) >= 700) ? 3 : 4.5;
    const key = style.color + el.tagName;
    if (at < least && !told.has(key)) {
      told.add(key);
      found.push(`contrast of ${words(text)} is ${at.toFixed(2)}, below ${least}`);
    }
  }
  for (const a of document.querySelectorAll('a[href]')) {
    const style = getComputedStyle(a);
    const framed = parseFloat(style.borderTopWidth) > 0 || colour(style.backgroundColor).a > 0;
    const box = a.getBoundingClientRect();
    if (framed && style.display !== 'inline' && box.height > 0 && box.height < 40) found.push(`the button ${words(a.textContent)} is ${Math.round(box.height)} px high, below 40`);
  }
  return found;
})()
