from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('submissions', '0007_screenings_before_were_told'),
    ]

    operations = [
        migrations.AlterField(
            model_name='screening',
            name='state',
            field=models.CharField(choices=[('draft', 'Being checked'), ('decided', 'Decided'), ('confirmed', 'Confirmed'), ('published', 'Published')], default='draft', max_length=20),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('passed__isnull', True), ('state', 'draft')), models.Q(models.Q(('state', 'draft'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False), ('passed__isnull', False)), _connector='OR'), name='submissions_screening_decided_unless_draft'),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'confirmed'), _negated=True), models.Q(('confirmed_at__isnull', False), ('confirmed_by__isnull', False)), _connector='OR'), name='submissions_screening_confirmed_by_somebody'),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.CheckConstraint(condition=models.Q(('confirmed_by', None), models.Q(('confirmed_by', models.F('decided_by')), _negated=True), _connector='OR'), name='submissions_screening_confirmed_by_another'),
        ),
        migrations.AddConstraint(
            model_name='screening',
            constraint=models.CheckConstraint(condition=models.Q(('state', 'published'), ('published_at__isnull', True), _connector='XOR'), name='submissions_screening_published_at_when_published'),
        ),
    ]
