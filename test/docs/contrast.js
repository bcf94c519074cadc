// Runs in the page, on an element: the contrast of its text and the ground behind it, as WCAG 2 computes it.
(element) => {
  const luminance = (color) => {
    const [red = 0, green = 0, blue = 0] = (color.match(/[\d.]+/g) ?? []).slice(0, 3).map((value) => {
      const part = Number(value) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const isClear = (one) => /, 0\)$|transparent/.test(getComputedStyle(one).backgroundColor);
  let ground = element;
  while (ground.parentElement && isClear(ground)) ground = ground.parentElement;
  const text = luminance(getComputedStyle(element).color);
  const behind = luminance(getComputedStyle(ground).backgroundColor);
  return (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
};
