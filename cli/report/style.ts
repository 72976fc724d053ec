/** The look of the page: light and dark by the reader's setting, fit for a phone and for paper, no outside resource. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --page: #f6f4ef; --card: #fffdf9; --ink: #1d2430; --soft: #5b6472; --rule: #ddd8cc; --faint: #ebe7dd;
  --sms: #2b6cb0; --email: #a86200; --push: #7b4fa3; --voice: #b03a6f; --person: #4d5563;
  --cleared: #1d7f63; --paid: #0f5443; --settled: #5a7a1e; --open: #a7adb8; --legal: #a33b3b; --off: #6b4a4a; --recalled: #5d6a85; --task: #1d2430;
  --inside: #ffffff; --open-inside: #1d2430;
}
@media screen and (prefers-color-scheme: dark) {
  :root {
    --page: #12161d; --card: #1a2029; --ink: #e9e6df; --soft: #a0a8b5; --rule: #333c49; --faint: #2b3440;
    --sms: #63a4e6; --email: #e3a04a; --push: #b08ad6; --voice: #e58bb4; --person: #b4bac4;
    --cleared: #4fbd9a; --paid: #8fdcc2; --settled: #b5d36e; --open: #566171; --legal: #e07a7a; --off: #a88585; --recalled: #93a3c4; --task: #e9e6df;
    --inside: #12161d; --open-inside: #e9e6df;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--page); color: var(--ink);
  font: 16px/1.55 system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif;
  font-variant-numeric: tabular-nums;
}
main, header, footer { max-width: 940px; margin: 0 auto; padding: 0 24px; }
header { padding-top: 56px; }
h1, h2, h3, .big { font-family: Charter, "Iowan Old Style", "Palatino Linotype", Georgia, "Noto Serif", serif; text-wrap: balance; }
h1 { font-size: clamp(30px, 5.2vw, 46px); line-height: 1.12; margin: 10px 0 16px; letter-spacing: -.015em; font-weight: 600; }
h2 { font-size: 24px; line-height: 1.25; margin: 0 0 4px; font-weight: 600; letter-spacing: -.005em; }
h3 { font-size: 18px; line-height: 1.3; margin: 0; font-weight: 600; }
p { margin: 0 0 12px; max-width: 68ch; }
code { font: .88em ui-monospace, "SF Mono", Menlo, Consolas, monospace; }
.over { color: var(--soft); font-size: 13px; letter-spacing: .08em; text-transform: uppercase; }
.lead { font-size: 18px; color: var(--soft); max-width: 76ch; }
.note { border-left: 3px solid var(--email); padding: 2px 0 2px 16px; margin: 24px 0 0; max-width: 72ch; }
.tiles { display: grid; grid-template-columns: repeat(3, 1fr); gap: 1px; background: var(--rule); border: 1px solid var(--rule);
  border-radius: 12px; overflow: hidden; margin: 32px 0 24px; }
.tile { background: var(--card); padding: 20px 22px; }
.tile dt { color: var(--soft); font-size: 14px; }
.tile dd { margin: 0; font-size: 14px; color: var(--soft); }
.tile .big { font-size: 30px; line-height: 1.25; color: var(--ink); font-weight: 600; letter-spacing: -.01em; }
section { background: var(--card); border: 1px solid var(--rule); border-radius: 12px; padding: 28px 32px; margin: 0 0 24px; }
section > p { color: var(--soft); }
figure { margin: 20px 0 0; }
figcaption { color: var(--soft); font-size: 14px; margin-bottom: 10px; }
svg { display: block; width: 100%; height: auto; overflow: visible; }
svg.narrow { display: none; }
svg text { font: 13px system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif; fill: var(--soft); }
svg .name { fill: var(--ink); font-weight: 550; font-size: 14px; }
svg .figure { fill: var(--ink); }
svg .inside { fill: var(--inside); font-size: 12px; pointer-events: none; }
svg .open + .inside { fill: var(--open-inside); }
.track { fill: var(--faint); }
.grid { stroke: var(--faint); }
.axis { stroke: var(--soft); }
.sms { fill: var(--sms); } .email { fill: var(--email); } .push { fill: var(--push); } .voice { fill: var(--voice); } .person { fill: var(--person); }
.segment, .mark { stroke: var(--card); stroke-width: 1.2; }
.segment.ghost, .mark.ghost, .ghost { fill-opacity: .18; stroke-width: 1.2; }
.sms.ghost { stroke: var(--sms); } .email.ghost { stroke: var(--email); } .push.ghost { stroke: var(--push); } .voice.ghost { stroke: var(--voice); }
.cleared, .cured { fill: var(--cleared); } .paidInFull { fill: var(--paid); } .settled { fill: var(--settled); }
.open { fill: var(--open); } .recalled { fill: var(--recalled); } .legalHandoff { fill: var(--legal); } .writtenOff { fill: var(--off); }
.mark.task { stroke: var(--task); stroke-width: 2.4; fill: none; stroke-linecap: round; }
.payment { fill: var(--cleared); stroke: var(--card); stroke-width: 1.5; }
.left-area { fill: var(--faint); }
.due-mark { stroke: var(--soft); stroke-dasharray: 2 3; }
.recovered-area, .on-top { fill: var(--cleared); fill-opacity: .38; } .on-top-area { fill: var(--cleared); fill-opacity: .16; }
.collected-line, .recovered-line { fill: none; stroke: var(--cleared); stroke-linejoin: round; stroke-width: 2.2; }
.recovered-line { stroke-width: 1.2; }
.due-line { fill: none; stroke: var(--soft); stroke-width: 1.6; stroke-dasharray: 5 4; }
svg .end-label { fill: var(--ink); font-weight: 600; paint-order: stroke; stroke: var(--card); stroke-width: 4px; stroke-linejoin: round; }
.hover { fill: transparent; } .hover:hover { fill: var(--ink); fill-opacity: .07; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; list-style: none; margin: 0; padding: 0; font-size: 14px; color: var(--soft); }
.legend li { display: flex; align-items: center; gap: 7px; }
.legend svg { width: 16px; height: 16px; flex: none; }
details { margin-top: 18px; font-size: 14px; }
summary { cursor: pointer; color: var(--soft); }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; margin-top: 10px; font-size: 14px; }
th, td { text-align: right; padding: 6px 0 6px 20px; border-bottom: 1px solid var(--rule); white-space: nowrap; }
th:first-child, td:first-child { text-align: left; padding-left: 0; }
th { font-weight: 550; color: var(--soft); }
.stories { list-style: none; margin: 0; padding: 0; }
.stories > li { border-top: 1px solid var(--rule); padding: 20px 0 16px; }
.stories > li:first-child { border-top: 0; }
.stories .facts { color: var(--soft); font-size: 14px; margin: 2px 0 6px; max-width: 92ch; }
footer { color: var(--soft); font-size: 14px; padding-top: 8px; padding-bottom: 56px; }
@media screen and (max-width: 700px) {
  main, header, footer { padding-left: 16px; padding-right: 16px; }
  header { padding-top: 32px; }
  .tiles { grid-template-columns: repeat(2, 1fr); }
  .tile { padding: 14px 16px; } .tile .big { font-size: 22px; }
  section { padding: 22px 18px; }
  svg.wide { display: none; } svg.narrow { display: block; max-width: 480px; }
}
@media print {
  :root { --page: #fff; --card: #fff; }
  body { font-size: 12px; -webkit-print-color-adjust: exact; print-color-adjust: exact; }
  section, .tiles, .stories > li, figure { break-inside: avoid; }
  section { padding: 16px 0; border: 0; border-top: 1px solid var(--rule); border-radius: 0; }
  header { padding-top: 0; }
}
`;
