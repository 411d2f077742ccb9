namespace Platform.Composer;

/// <summary>One candidate: a plan, its colours, the family's art, and the words.</summary>
internal sealed class Composition(Brief brief, IFamily family, Pcg32 dice)
{
    private readonly Palette _palette = brief.Palette;
    private readonly ScoreWriter _score = new();

    public Score Compose()
    {
        var face = dice.Weighted(20, 14, 12, 18, 14, 12, 0);
        var plan = Layout.Choose(brief, family, face, dice);
        var canvas = ChooseGround(-1);
        var ground = plan.OwnGround ? ChooseGround(plan.Art == Zone.Whole ? -1 : canvas) : canvas;
        var scheme = Scheme.On(_palette, ground, dice, dice.Between(3, 5), plan.Art == Zone.Whole ? -1 : canvas);

        if (plan.Art != Zone.Whole)
        {
            _score.Frame(Zone.Whole);
            _score.Fill(canvas);
        }

        Draw(plan.Art, plan.Clip, scheme);
        if (plan.Echo is { } echo)
        {
            DrawEcho(echo, scheme);
        }

        WriteWords(plan, face, plan.Panel is null ? canvas : PanelGround(scheme));
        return _score.ToScore();
    }

    private void Draw(Zone zone, Clip clip, Scheme scheme)
    {
        _score.Frame(zone, clip);
        _score.Fill(scheme.Ground);
        family.Compose(new(dice, zone, scheme, brief.Density, brief.Energy, _score));
    }

    // A strip of the same colours in the plainest of patterns, to set the hero off.
    private void DrawEcho(Zone zone, Scheme scheme)
    {
        var upright = zone.Height > zone.Width;
        var ground = scheme.Star;
        var mark = scheme.Apart(ground);
        _score.Frame(zone);
        _score.Fill(ground);
        var along = dice.Between(5, 8);
        switch (dice.Below(3))
        {
            case 0:
                _score.Raw(RowType.Dots, mark, upright ? 1 : 5, upright ? 5 : 1, 130, 0);
                break;
            case 1:
                _score.Raw(RowType.Stripes, mark, 3, 0, 120, 0, Scale.Turn(upright ? 90 : 0));
                break;
            default:
                for (var i = 0; i < 5; i++)
                {
                    _score.Tile(
                        dice.Pick(Motifs.Vesica, Motifs.QuarterDisc, Motifs.HalfDisc),
                        upright ? 0 : i * 48, upright ? i * 48 : 0, 48, ground, mark, scheme.Apart(ground, mark), i + along);
                }

                break;
        }
    }

    private void WriteWords(Plan plan, int face, int ground)
    {
        if (brief.Headline is null && brief.Line is null && brief.Wordmark is null)
        {
            return;
        }

        if (plan.Panel is { } panel)
        {
            _score.Frame(panel, Clip.None);
            if (plan.PanelShape == RowType.Rounded)
            {
                _score.Shape(RowType.Rounded, ground, 0, 0, panel.Width / (double)panel.Short, 1);
            }
            else
            {
                _score.Fill(ground);
            }
        }

        var plain = _palette.InkOn(ground);
        var lively = dice.Chance(0.3) ? _palette.LivelyInkOn(ground) ?? plain : plain;
        if (plan.Type is { } box && (brief.Headline is not null || brief.Line is not null))
        {
            _score.Raw(RowType.Type, lively, box.Left, box.Top, box.Width, box.Height, (byte)face,
                (byte)((int)plan.TypePlace | (plain << 3)));
        }

        if (plan.Mark is { } mark && brief.Wordmark is not null)
        {
            _score.Raw(RowType.Mark, plain, mark.Left, mark.Top, mark.Width, mark.Height,
                (byte)Typefaces.Face(face).Companion, (byte)plan.MarkPlace);
        }
    }

    /// <summary>Grounds differ from picture to picture, most of them quiet.</summary>
    private int ChooseGround(int apartFrom)
    {
        ReadOnlySpan<Role> roles =
            [Role.Background, Role.Field, Role.Primary, Role.Secondary, Role.Accent, Role.Highlight, Role.Ink, Role.Paper];
        Span<double> weights = [34, 16, 16, 9, 5, 8, 9, 6];
        for (var i = 0; i < weights.Length; i++)
        {
            var slot = (int)roles[i];
            if (apartFrom >= 0 && _palette.Distance(slot, apartFrom) < 0.13)
            {
                weights[i] = 0;
            }
        }

        return (int)roles[dice.Weighted(weights)];
    }

    private int PanelGround(Scheme scheme)
    {
        ReadOnlySpan<Role> candidates = [Role.Background, Role.Paper, Role.Ink];
        var offset = dice.Below(3);
        for (var i = 0; i < 3; i++)
        {
            var slot = (int)candidates[(i + offset) % 3];
            if (_palette.Distance(slot, scheme.Ground) > 0.12 && !scheme.Colours.Contains(slot))
            {
                return slot;
            }
        }

        return (int)(_palette.Distance((int)Role.Ink, scheme.Ground) > 0.3 ? Role.Ink : Role.Background);
    }
}
