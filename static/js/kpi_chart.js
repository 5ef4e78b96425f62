// Makes a chart interactive: the figure's data stands beside it, the drawing stays for print and where this fails.
const WORDS = {
  "Download plot as a PNG": "画像（PNG）で保存",
  Zoom: "範囲を拡大",
  Pan: "移動",
  "Reset axes": "元の範囲に戻す",
  "Double-click to zoom back out": "ダブルクリックで元の範囲に戻します",
  "Click to enter Plot title": "",
};

// On a narrow screen every second label, counted from the newest, so that none has to stand upright.
function fitted(layout, width) {
  const axis = layout.xaxis;
  if (width >= 560) return layout;
  const isKept = (_, index, all) => (all.length - 1 - index) % 3 === 0;
  return {
    ...layout,
    margin: { ...layout.margin, l: 64, r: 12 },
    xaxis: { ...axis, tickvals: axis.tickvals.filter(isKept), ticktext: axis.ticktext.filter(isKept), tickangle: 0 },
  };
}

for (const holder of document.querySelectorAll("[data-chart]")) {
  const source = document.getElementById(holder.dataset.chart);
  const plot = holder.querySelector("[data-chart-plot]");
  if (!window.Plotly || !source || !plot) continue;
  const { data, layout, config } = JSON.parse(source.textContent);
  window.Plotly.register({ moduleType: "locale", name: "ja", dictionary: WORDS, format: {} });
  holder.hidden = false;
  try {
    await window.Plotly.newPlot(plot, data, { ...fitted(layout, holder.clientWidth), height: 420 }, {
      ...config,
      locale: "ja",
      modeBarButtons: [["zoom2d", "pan2d", "resetScale2d", "toImage"]],
    });
    holder.closest(".chart").classList.add("chart--interactive");
  } catch {
    holder.hidden = true;
  }
}
