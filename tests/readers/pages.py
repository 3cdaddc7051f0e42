"""Pages in the shapes that help centres have, written for the tests."""

ZENDESK = """<!DOCTYPE html>
<html dir="ltr" lang="en-US"><head><meta charset="utf-8"><title>Reset your lamp – Lumen Help Center</title>
<meta name="description" content="How to reset"><meta property="og:title" content="Reset your lamp">
<link rel="canonical" href="https://help.lumen.example/hc/en-us/articles/360001-Reset-your-lamp"></head>
<body class=""><a class="skip-navigation" tabindex="1" href="#main-content">Skip to main content</a>
<header class="header"><div class="logo"><a href="/hc/en-us">Lumen Help Center</a></div>
<div class="nav-wrapper"><button aria-label="Toggle navigation menu">Menu</button>
<a class="submit-a-request" href="/requests/new">Submit a request</a></div></header>
<main role="main"><div class="container-divider"></div><div class="container">
<nav class="sub-nav"><ol class="breadcrumbs"><li><a href="/hc">Lumen</a></li><li><a href="/s/1">Lamps</a></li></ol>
<form role="search" class="search"><input type="search" placeholder="Search"></form></nav>
<div class="article-container" id="article-container"><aside class="article-sidebar"
aria-labelledby="section-articles">
<div class="collapsible-sidebar"><h3>Articles in this section</h3><ul><li><a href="/a/1">Pair your lamp</a></li></ul>
</div></aside>
<article id="main-content" class="article"><header class="article-header"><h1 title="Reset your lamp"
class="article-title">
Reset your lamp <svg><title>Restricted</title></svg></h1>
<div class="article-author"><div class="avatar article-avatar"><img src="x.png" alt="" class="user-avatar"></div>
<div class="article-meta"><a href="/p/1">Dana Reyes</a><div class="meta-group"><span class="meta-data">
<time datetime="2026-02-03T10:00:00Z" title="2026-02-03">2 months ago</time></span><span
class="meta-data">Updated</span>
</div></div></div><button class="article-subscribe" data-helper="subscribe">Follow</button></header>
<section class="article-info"><div class="article-content"><div class="article-body">
<p>A reset removes your <strong>scenes</strong>.</p>
<h2 id="h_01HV">Before you start</h2><ul><li>Have the PIN.</li></ul>
<p class="callout warning">Do not unplug it.</p>
<h2 id="h_01HW">Steps</h2><ol><li>Open the app.</li><li>Choose <strong>Reset</strong>.<br><img src="a.png"
alt="The reset button">
</li></ol><p>See <a href="/hc/en-us/articles/2">pairing</a>.</p></div>
<div class="article-attachments"><ul class="attachments"></ul></div></div></section>
<footer><div class="article-footer"><div class="article-share"><ul class="share"><li><a
href="#">Facebook</a></li></ul></div>
<div class="article-comment-count">3 comments</div></div>
<div class="article-votes"><span class="article-votes-question" id="q">Was this article helpful?</span>
<div class="article-votes-controls"><button type="button">Yes</button><button>No</button></div>
<small class="article-votes-count">12 out of 14 found this helpful</small></div>
<div class="article-more-questions">Have more questions? <a href="/requests/new">Submit a request</a></div></footer>
<div class="article-relatives"><div class="recent-articles"><h2>Recently viewed articles</h2></div>
<section class="related-articles"><h2 class="related-articles-title">Related articles</h2><ul>
<li><a href="/a/2">Change the colour</a></li><li><a href="/a/3">Share your lamp</a></li></ul></section></div>
<div class="article-comments" id="article-comments"><section class="comments"><div class="comment-overview">
<h2 class="comment-heading">Comments</h2><p class="comment-callout">3 comments</p></div><ul class="comment-list">
<li class="comment"><p>Mine is still broken!</p></li></ul></section></div></article></div></div></main>
<footer class="footer"><div>Lumen</div><a href="/terms">Terms</a></footer></body></html>"""

ZENDESK_TEXT = """A reset removes your **scenes**.

## Before you start

- Have the PIN.

> **Warning:** Do not unplug it.

## Steps

1. Open the app.
2. Choose **Reset**.
   The reset button

See pairing."""

INTERCOM = """<!DOCTYPE html><html lang="en"><head><title>Change your plan | Lumen Help</title>
<meta property="article:published_time" content="2024-05-06T08:00:00Z">
<meta property="article:modified_time" content="2025-07-08T08:00:00Z">
<meta property="og:url" content="https://help.lumen.example/en/articles/55-change-your-plan"></head>
<body><div id="__next"><header class="header"><div class="header__container"><a href="/en/">Lumen</a>
<form action="/en/"><input name="q" placeholder="Search for articles..."></form></div></header>
<div class="z-1 flex"><div class="section"><div class="section__content"><div class="breadcrumb" dir="ltr">
<a href="/en/">All Collections</a><div class="breadcrumb-arrow"><svg></svg></div><a
href="/en/collections/1">Billing</a>
<div class="breadcrumb-arrow"></div><div>Change your plan</div></div>
<div class="article intercom-force-break"><div class="mb-10"><div class="flex flex-col"><div class="mb-7">
<header class="mb-1 font-primary text-2xl font-bold">Change your plan</header>
<div class="text-md font-normal"><div class="article__desc">Move up or down at any time</div></div></div>
<div class="avatar"><div class="avatar__photo"><img src="d.png" alt="Avatar"></div><div class="avatar__info"><div>
<span>Written by <span>Dana</span></span><br>Updated over a week ago</div></div></div>
<div class="jsx-toc"><nav aria-label="Table of contents">Table of contents<a href="#h_a">Move up</a></nav></div></div>
<div class="article_body"><article class="">
<div
class="intercom-interblocks-paragraph no-margin intercom-interblocks-align-left">
<p>You keep your data when you change.</p></div>
<div class="intercom-interblocks-heading"><h2 id="h_a">Move up</h2></div>
<div class="intercom-interblocks-ordered-nested-list"><ol><li><div
class="intercom-interblocks-paragraph"><p>Open <b>Billing</b>.</p></div></li>
<li><div class="intercom-interblocks-paragraph"><p>Choose a plan.</p></div></li></ol></div>
<div class="intercom-interblocks-callout" style="background-color: #fff"><div
class="intercom-interblocks-paragraph"><p><b>Note: </b>You pay at once.</p></div></div>
<div class="intercom-interblocks-subheading"><h3 id="h_b">Yearly plans</h3></div>
<div
class="intercom-interblocks-table-container"><table><tbody><tr><td><div><p><b>Plan</b></p></div></td><td><p><b>Price</b></p></td></tr>
<tr><td><p>Plus</p></td><td><p>90</p></td></tr></tbody></table></div>
<div class="intercom-interblocks-collapsible-section"><details><summary><div><p>Can I go back?</p></div></summary>
<div><p>Yes, within 30 days.</p></div></details></div>
<section class="related_articles my-6"><hr><div class="mb-3 text-xl font-bold">Related Articles</div>
<section class="flex flex-col"><a class="related" href="/en/articles/2"><div><span>Cancel your plan</span></div></a>
<a href="/en/articles/3"><div><span>Read your invoice</span></div></a></section></section></article></div></div>
<div class="intercom-reaction-picker" dir="ltr" role="group"><div
class="intercom-reaction-prompt">Did this answer your question?</div>
<button class="intercom-reaction" aria-label="Disappointed Reaction"><span title="Disappointed">😞</span></button>
<button class="intercom-reaction"><span>😃</span></button></div></div></div></div></div>
<footer id="footer"><div>Lumen Help</div><p>We run on Intercom</p></footer></div></body></html>"""

INTERCOM_TEXT = """You keep your data when you change.

## Move up

1. Open **Billing**.
2. Choose a plan.

> **Note:** You pay at once.

### Yearly plans

| **Plan** | **Price** |
|---|---|
| Plus | 90 |

#### Can I go back?

Yes, within 30 days."""

DOCS = """<!doctype html><html lang="en"><head><title>Install the bridge - Lumen Docs</title>
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "TechArticle",
"datePublished": "2025-01-10", "dateModified": "2026-01-11T09:30:00+01:00"}</script></head><body>
<div id="cookie-banner" class="cookie-consent" role="dialog"
aria-label="Cookies"><p>We use cookies to improve your experience
and to show you what you like, see our policy for all that we do.</p><button>Accept all cookies now</button></div>
<div class="navbar"><a href="/">Lumen Docs</a><a href="/blog">Blog</a></div>
<div class="layout"><div class="sidebar" id="sidebar"><ul class="menu__list"><li><a href="/start">Start here</a></li>
<li><a href="/bridge">The bridge</a><ul><li><a href="/bridge/install">Install the bridge</a></li></ul></li></ul></div>
<div class="content"><ul class="breadcrumbs"><li><a href="/">Home</a></li><li><a href="/bridge">The bridge</a></li>
<li>Install the bridge</li></ul>
<div class="toc-mobile"><button type="button">On this page</button></div>
<div class="theme-doc-markdown markdown"><h1>Install the bridge<a class="headerlink" href="#install"
title="Permalink to this headline">¶</a></h1>

<p>The bridge joins your lamps to the network, and has to stand within ten metres of the first of them
so that they see each other.</p>
<h2 class="anchor" id="place">Place it<a class="hash-link" href="#place" aria-label="Direct link to Place it"
title="Direct link to Place it">#</a></h2>
<p>Put it on a shelf, away from the oven and from other radios, as these disturb it more than walls of brick do.</p>
<div class="admonition admonition-note"><div class="admonition-heading"><h5>note</h5></div><div
class="admonition-content">
<p>One bridge serves fifty lamps.</p></div></div>
<section id="wire-it"><h2>Wire it</h2><ol><li><p>Plug in the cable.</p><div
class="highlight"><pre><span></span>lumen bridge
  --find</pre></div></li><li><p>Wait for the light.</p></li></ol></section>
<a name="faults"></a><h2>Faults</h2>
<table class="docutils"><thead><tr><th>Light</th><th>Meaning</th></tr></thead><tbody><tr><td>red</td><td>no network,
which the router may cause</td></tr><tr><td>blue</td><td>searching</td></tr></tbody></table>
</div>
<div class="pagination-nav"><a class="prev" href="/a"><div>Previous</div><div>Start here</div></a>
<a class="next" href="/b"><div>Next</div><div>Add a lamp</div></a></div>
<div class="theme-doc-footer"><a
href="https://git.example/edit">Edit this page</a><span>Last updated on Jan 11, 2026</span></div>
</div><div class="toc"><ul class="table-of-contents"><li><a href="#place">Place it</a></li><li><a
href="#wire-it">Wire it</a></li></ul></div></div>
<div class="footer"><div>Community</div><div>Copyright 2026 Lumen</div></div></body></html>"""

DOCS_TEXT = """The bridge joins your lamps to the network, and has to stand within ten metres of the first of them \
so that they see each other.

## Place it

Put it on a shelf, away from the oven and from other radios, as these disturb it more than walls of brick do.

> **Note:** One bridge serves fifty lamps.

## Wire it

1. Plug in the cable.

   ```
   lumen bridge
     --find
   ```
2. Wait for the light.

## Faults

| Light | Meaning |
|---|---|
| red | no network, which the router may cause |
| blue | searching |"""

FAQ = """<html lang="en"><head><title>Returns — Lumen</title></head><body>
<div class="announcement-bar"><p>Free shipping this week!</p></div>
<header class="site-header"><a href="/">Lumen</a></header>
<main id="MainContent"><div class="page-width"><div class="breadcrumbs" aria-label="Breadcrumbs"><a
href="/">Home</a> / <span>Returns</span></div>
<h1>Returns</h1><p class="last-updated">Last updated: 3 May 2026</p>
<div class="rte"><p>You can return what you bought within 30 days.</p>
<div class="steps"><h3>How to return</h3><ol class="numbered"><li><h4>Pack it</h4><p>Use the old box.</p></li>
<li><h4>Send it</h4><p>The label is free.</p><ul><li>Europe: post</li><li>Elsewhere: courier</li></ul></li></ol></div>
<div class="alert alert-danger" role="alert"><strong>Warning:</strong> Remove the batteries.</div>
<table border="1"><caption>Fees</caption><tr><th rowspan="2">Region</th><th
colspan="2">Fee</th></tr><tr><th>Light</th><th>Heavy</th></tr>
<tr><td>Europe</td><td>0</td><td>5</td></tr></table>
<h3>Questions</h3>
<details><summary>Who pays?</summary><p>We do.</p><ol><li>Keep the receipt.</li></ol></details>
<details open><summary><h4>And gifts?</h4></summary>You get a voucher.</details>
<div class="accordion-item"><h4 class="accordion-header"><button class="accordion-button" type="button"
aria-expanded="false">What if it is broken?</button></h4>
<div class="accordion-collapse" hidden><div class="accordion-body">Write to us.</div></div></div>
</div>
<div class="feedback"><p>Was this page helpful?</p><button>Yes</button><button>No</button></div>
</div></main><div class="newsletter"><p>Sign up</p></div></body></html>"""

FAQ_TEXT = """You can return what you bought within 30 days.

### How to return

1. **Pack it**

   Use the old box.
2. **Send it**

   The label is free.
   - Europe: post
   - Elsewhere: courier

> **Warning:** Remove the batteries.

Fees

| Region | Fee |  |
|---|---|---|
| Region | Light | Heavy |
| Europe | 0 | 5 |

### Questions

#### Who pays?

We do.

1. Keep the receipt.

#### And gifts?

You get a voucher.

#### What if it is broken?

Write to us."""
